package report

import (
	"testing"
)

func TestSameModel(t *testing.T) {
	t.Parallel()
	note := []string{"Redmi Note 10", "M2101K7AG", "sunny"}
	for _, tt := range []struct {
		form  string
		names []string
		want  Status
	}{
		{"Redmi Note 10", note, StatusPass},
		{"  redmi  note10 ", note, StatusPass},
		{"Xiaomi Redmi Note 10", note, StatusPass},
		{"红米 Note 10", note, StatusPass},
		{"Note 10", note, StatusPass},
		{"Redmi Note 10 (M2101K7AG)", note, StatusPass},
		{"m2101k7ag", note, StatusPass},
		{"Sunny", note, StatusPass},
		{"Redmi Note 10 128GB Onyx Gray", note, StatusPass},
		{"Redmi Note 10, 4+128", note, StatusPass},
		{"Redmi Note 10 4GB+128GB", note, StatusPass},
		{"Redmi Note 10 4 GB / 64 GB", note, StatusPass},
		{"红米Note10 6G+128G", note, StatusPass},
		{"Redmi Note 10 128G", note, StatusPass},
		{"Redmi Note 10 4G", note, StatusPass},
		{"ＲＥＤＭＩ Ｎｏｔｅ １０", note, StatusPass},
		{"紅米 Note 10", note, StatusPass},
		{"小米红米Note 10智能手机", note, StatusPass},
		{"móvil Xiaomi Redmi Note 10 azul", note, StatusPass},
		{"Teléfono Redmi Note 10", note, StatusPass},
		{"Redmi Note 12", note, StatusFail},
		{"Redmi Note 12 4GB+128GB", note, StatusFail},
		{"móvil Redmi Note 12", note, StatusFail},
		{"móvil", note, StatusUnknown},
		{"红米 Note 10 专业版", note, StatusFail},
		{"Redmi Note 12 4G", []string{"Redmi Note 12 5G"}, StatusFail},
		{"Redmi 9 Activ", []string{"Redmi 9"}, StatusFail},
		{"小米10青春版", []string{"Mi 10", "umi"}, StatusFail},
		{"小米9 透明尊享版", []string{"MI 9 Transparent Edition", "cepheus"}, StatusPass},
		{"Redmi Note 10 M2101K7AG", []string{"M2101K7AG", "sunny"}, StatusPass},
		{"Redmi Note 10", []string{"M2101K7AG", "sunny"}, StatusUnknown},
		{"Redmi Note 10 Pro", note, StatusFail},
		{"Redmi Note 10S", note, StatusFail},
		{"Redmi Note 10 5G", note, StatusFail},
		{"Redmi Note", note, StatusFail},
		{"Redmi 10", note, StatusFail},
		{"POCO Note 10", note, StatusFail},
		{"Mi Note 10", note, StatusFail},
		{"Redmi Note 12 (M2101K7AG)", note, StatusFail},
		{"M2101K7BG", note, StatusFail},
		{"Redmi Note 10 M2101K7BG", note, StatusFail},
		{"iPhone 12", note, StatusFail},
		{"Redmi Note 10", []string{"Redmi Note 10 Pro"}, StatusFail},
		{"Redmi 9", []string{"MI 9"}, StatusFail},
		{"Mi 9", []string{"MI 9 Transparent Edition", "cepheus"}, StatusPass},
		{"小米平板5", []string{"Xiaomi Pad 5", "21051182C", "nabu"}, StatusPass},
		{"Redmi 5A", []string{"Redmi 5A", "riva"}, StatusPass},
		{"Redmi 5", []string{"Redmi 5A", "riva"}, StatusFail},
		{"POCO X3 Pro", []string{"POCO X3", "surya"}, StatusFail},
		{"Redmi K60", []string{"23013RK75C", "mondrian"}, StatusUnknown},
		{"23013RK75C", []string{"Redmi K60"}, StatusUnknown},
		{"RedmiNote10Pro5G", []string{"Redmi Note 10 Pro 5G", "M2101K6P"}, StatusPass},
		{"xiaomi 17 pro max", []string{"Xiaomi 17 Pro Max", "2509FPN0BC", "popsicle"}, StatusPass},
		{"Xiaomi 17 Pro", []string{"Xiaomi 17 Pro Max", "2509FPN0BC", "popsicle"}, StatusFail},
		{"Redmi K60", nil, StatusUnknown},
	} {
		if got := sameModel(tt.form, tt.names); got != tt.want {
			t.Errorf("%q and %q: got %s, want %s", tt.form, tt.names, got, tt.want)
		}
	}
}
