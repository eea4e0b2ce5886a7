package handset

import (
	"testing"

	"preship/adb/handset/dump"
)

func TestUserKind(t *testing.T) {
	t.Parallel()
	users, err := dump.ParseUsers([]byte(usersDump))
	if err != nil {
		t.Fatal(err)
	}
	plain := Vendors[len(Vendors)-1]
	want := [][2]string{
		{dump.UserOwner, dump.UserOwner},
		{dump.UserSecondSpace, dump.UserSecondary}, // a second space is this vendor's only
		{dump.UserDualApps, dump.UserSecondary},
		{dump.UserWorkProfile, dump.UserWorkProfile},
		{dump.UserSecondary, dump.UserSecondary},
	}
	for i, u := range users {
		if got := [2]string{kindOf(u, Vendors[0]), kindOf(u, plain)}; got != want[i] {
			t.Errorf("user %d: kinds %q, want %q", u.ID, got, want[i])
		}
	}
	for _, tt := range []struct {
		maker string
		user  dump.User
		want  string
	}{
		{"samsung", dump.User{ID: 95, Name: "DUAL_APP", Flags: 0x20000030}, dump.UserDualApps},
		{"samsung", dump.User{ID: 95, Name: "DUAL_APP", Flags: 0x20001010}, dump.UserDualApps},
		{"samsung", dump.User{ID: 95, Name: "Dual Messenger", Flags: 0x30}, dump.UserDualApps},
		{"samsung", dump.User{ID: 10, Name: "Work profile", Flags: 0x1030}, dump.UserWorkProfile},
		{"samsung", dump.User{ID: 150, Name: "Secure Folder", Flags: 0x61010}, dump.UserSecondary},
		{"xiaomi", dump.User{ID: 95, Name: "DUAL_APP", Flags: 0x1030}, dump.UserWorkProfile},
	} {
		v := Vendor(dump.Properties{"ro.product.manufacturer": tt.maker})
		if got := kindOf(tt.user, v); got != tt.want {
			t.Errorf("%s, %+v: kind %q, want %q", tt.maker, tt.user, got, tt.want)
		}
	}
	if renamed := (dump.User{ID: 10, Name: "privé", Flags: 0x413}); kindOf(renamed, Vendors[0]) != dump.UserSecondSpace {
		t.Errorf("renamed second space: kind %q", kindOf(renamed, Vendors[0]))
	}
}
