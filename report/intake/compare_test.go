package intake

import (
	"testing"

	"preship/report"
)

func TestSameModel(t *testing.T) {
	t.Parallel()
	note := []string{"Redmi Note 10", "M2101K7AG", "sunny"}
	for _, tt := range []struct {
		form  string
		names []string
		want  report.Status
	}{
		{"Redmi Note 10", note, report.StatusPass},
		{"  redmi  note10 ", note, report.StatusPass},
		{"Xiaomi Redmi Note 10", note, report.StatusPass},
		{"红米 Note 10", note, report.StatusPass},
		{"Note 10", note, report.StatusPass},
		{"Redmi Note 10 (M2101K7AG)", note, report.StatusPass},
		{"m2101k7ag", note, report.StatusPass},
		{"Sunny", note, report.StatusPass},
		{"Redmi Note 10 128GB Onyx Gray", note, report.StatusPass},
		{"Redmi Note 10, 4+128", note, report.StatusPass},
		{"Redmi Note 10 4GB+128GB", note, report.StatusPass},
		{"Redmi Note 10 4 GB / 64 GB", note, report.StatusPass},
		{"红米Note10 6G+128G", note, report.StatusPass},
		{"Redmi Note 10 128G", note, report.StatusPass},
		{"Redmi Note 10 4G", note, report.StatusPass},
		{"ＲＥＤＭＩ Ｎｏｔｅ １０", note, report.StatusPass},
		{"紅米 Note 10", note, report.StatusPass},
		{"小米红米Note 10智能手机", note, report.StatusPass},
		{"móvil Xiaomi Redmi Note 10 azul", note, report.StatusPass},
		{"Teléfono Redmi Note 10", note, report.StatusPass},
		{"Redmi Note 12", note, report.StatusFail},
		{"Redmi Note 12 4GB+128GB", note, report.StatusFail},
		{"móvil Redmi Note 12", note, report.StatusFail},
		{"móvil", note, report.StatusUnknown},
		{"红米 Note 10 专业版", note, report.StatusFail},
		{"Redmi Note 12 4G", []string{"Redmi Note 12 5G"}, report.StatusFail},
		{"Redmi 9 Activ", []string{"Redmi 9"}, report.StatusFail},
		{"小米10青春版", []string{"Mi 10", "umi"}, report.StatusFail},
		{"小米9 透明尊享版", []string{"MI 9 Transparent Edition", "cepheus"}, report.StatusPass},
		{"Redmi Note 10 M2101K7AG", []string{"M2101K7AG", "sunny"}, report.StatusPass},
		{"Redmi Note 10", []string{"M2101K7AG", "sunny"}, report.StatusUnknown},
		{"Redmi Note 10 Pro", note, report.StatusFail},
		{"Redmi Note 10S", note, report.StatusFail},
		{"Redmi Note 10 5G", note, report.StatusFail},
		{"Redmi Note", note, report.StatusFail},
		{"Redmi 10", note, report.StatusFail},
		{"POCO Note 10", note, report.StatusFail},
		{"Mi Note 10", note, report.StatusFail},
		{"Redmi Note 12 (M2101K7AG)", note, report.StatusFail},
		{"M2101K7BG", note, report.StatusFail},
		{"Redmi Note 10 M2101K7BG", note, report.StatusFail},
		{"iPhone 12", note, report.StatusFail},
		{"Redmi Note 10", []string{"Redmi Note 10 Pro"}, report.StatusFail},
		{"Redmi 9", []string{"MI 9"}, report.StatusFail},
		{"Mi 9", []string{"MI 9 Transparent Edition", "cepheus"}, report.StatusPass},
		{"小米平板5", []string{"Xiaomi Pad 5", "21051182C", "nabu"}, report.StatusPass},
		{"Redmi 5A", []string{"Redmi 5A", "riva"}, report.StatusPass},
		{"Redmi 5", []string{"Redmi 5A", "riva"}, report.StatusFail},
		{"POCO X3 Pro", []string{"POCO X3", "surya"}, report.StatusFail},
		{"Redmi K60", []string{"23013RK75C", "mondrian"}, report.StatusUnknown},
		{"23013RK75C", []string{"Redmi K60"}, report.StatusUnknown},
		{"RedmiNote10Pro5G", []string{"Redmi Note 10 Pro 5G", "M2101K6P"}, report.StatusPass},
		{"xiaomi 17 pro max", []string{"Xiaomi 17 Pro Max", "2509FPN0BC", "popsicle"}, report.StatusPass},
		{"Xiaomi 17 Pro", []string{"Xiaomi 17 Pro Max", "2509FPN0BC", "popsicle"}, report.StatusFail},
		{"Redmi K60", nil, report.StatusUnknown},
	} {
		if got := sameModel(tt.form, tt.names); got != tt.want {
			t.Errorf("%q and %q: got %s, want %s", tt.form, tt.names, got, tt.want)
		}
	}
}
