package report

import "testing"

// The strongest number that both sides know decides: the IMEI before the retail
// serial number, and that before adb's serial. A weaker one never outvotes it.
func TestUnitSame(t *testing.T) {
	t.Parallel()
	const a, b, z = "356938035643809", "490154203237518", "351756051523999"
	for _, tt := range []struct {
		name string
		u, o Unit
		want bool
	}{
		{"same IMEI, other S/N and serial", Unit{Serial: "x", IMEI: []string{a}, SN: "1/2"}, Unit{Serial: "y", IMEI: []string{a}, SN: "1/3"}, true},
		{"other IMEI, same S/N and serial", Unit{Serial: "x", IMEI: []string{a}, SN: "1/2"}, Unit{Serial: "x", IMEI: []string{z}, SN: "1/2"}, false},
		{"one IMEI of two", Unit{IMEI: []string{a, b}}, Unit{IMEI: []string{z, b}}, true},
		{"the slots in another order", Unit{IMEI: []string{a, b}}, Unit{IMEI: []string{b, a}}, true},
		{"IMEI known on one side, same S/N", Unit{Serial: "x", IMEI: []string{a}, SN: "1/2"}, Unit{Serial: "y", SN: "1/2"}, true},
		{"IMEI known on one side, other S/N", Unit{Serial: "x", IMEI: []string{a}, SN: "1/2"}, Unit{Serial: "x", SN: "1/3"}, false},
		{"other S/N, same serial", Unit{Serial: "x", SN: "1/2"}, Unit{Serial: "x", SN: "1/3"}, false},
		{"S/N known on one side, same serial", Unit{Serial: "x", SN: "1/2"}, Unit{Serial: "x"}, true},
		{"other serial alone", Unit{Serial: "x"}, Unit{Serial: "y"}, false},
	} {
		if got := tt.u.Same(tt.o); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
		if got := tt.o.Same(tt.u); got != tt.want {
			t.Errorf("%s, the other way round: %t, want %t", tt.name, got, tt.want)
		}
	}
}
