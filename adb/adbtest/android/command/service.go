package command

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

const phoneService = "iphonesubinfo"

// runService is Android's service command: raw calls to system services.
func runService(_ context.Context, p *process) int {
	if len(p.Args) < 2 {
		fmt.Fprintln(p.Stderr, "Usage: service [-h|-?]\n       service call SERVICE CODE [i32 N | i64 N | f N | d N | s16 STR | null | fd f | nfd n | afd f ] ...")
		return 10
	}
	if args := p.Args[2:]; p.Args[1] == "call" && len(args) > 1 {
		return p.serviceCall(args)
	}
	fmt.Fprintln(p.Stderr, "service: Invalid arguments")
	return 10
}

// IMEIs returns the IMEIs by slot: what the profile gives, or else the properties.
func (p *process) IMEIs() []string {
	var list []string
	for _, s := range p.Profile.SIMs {
		list = append(list, s.IMEI)
	}
	if list != nil {
		return list
	}
	for _, keys := range [][]string{
		{"ro.ril.miui.imei0", "ro.ril.oem.imei1", "ro.ril.oem.imei", "persist.radio.imei"},
		{"ro.ril.miui.imei1", "ro.ril.oem.imei2"},
	} {
		for _, key := range keys {
			if v := p.Profile.Prop(key); v != "" {
				list = append(list, v)
				break
			}
		}
	}
	return list
}

// serviceCall calls the phone service, which a handset without a modem does not have.
// Every other service answers with an empty parcel.
func (p *process) serviceCall(args []string) int {
	if !slices.Contains(p.systemServices(), args[0]) || args[0] == phoneService && len(p.IMEIs()) == 0 {
		fmt.Fprintf(p.Stderr, "service: Service %s does not exist\n", args[0])
		return 10
	}
	code, err := strconv.Atoi(args[1])
	if err != nil {
		fmt.Fprintln(p.Stderr, "service: Invalid code")
		return 10
	}
	if args[0] != phoneService {
		p.Printf("Result: Parcel(00000000    '....')\n")
		return 0
	}
	ints, strs, ok := parcelArgs(args[2:])
	if !ok {
		fmt.Fprintf(p.Stderr, "service: unknown option %s\n", args[2])
		return 10
	}
	p.Printf("Result: %s\n", dumpParcel(p.phoneCall(code, ints, strs)))
	return 0
}

// parcelArgs reads the pairs behind the code.
func parcelArgs(args []string) (ints []int, strs []string, ok bool) {
	for ; len(args) > 1; args = args[2:] {
		switch args[0] {
		case "i32", "i64":
			n, err := strconv.Atoi(args[1])
			if err != nil {
				return nil, nil, false
			}
			ints = append(ints, n)
		case "s16":
			strs = append(strs, args[1])
		default:
			return nil, nil, false
		}
	}
	return ints, strs, len(args) == 0
}

// phoneCall answers IPhoneSubInfo. The IMEI of a slot has had the number 3 from
// Android 5.1 to 10 and 4 from 11 on; 1 is the first slot's.
func (p *process) phoneCall(code int, ints []int, strs []string) []byte {
	perSlot := 4
	if p.SDK() < 30 {
		perSlot = 3
	}
	slot := 0
	switch {
	case code == perSlot && len(ints) > 0:
		slot = ints[0]
	case code != 1:
		return parcelString("", false)
	}
	if len(strs) == 0 || strs[0] != "com.android.shell" {
		name := "null"
		if len(strs) > 0 {
			name = strs[0]
		}
		return parcelException("getDeviceIdForPhone: Package " + name + " does not belong to 2000")
	}
	list := p.IMEIs()
	if slot < 0 || slot >= len(list) {
		return parcelString("", false)
	}
	return parcelString(list[slot], true)
}

func parcelString(s string, there bool) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0)
	if !there {
		return binary.LittleEndian.AppendUint32(b, 0xffffffff)
	}
	return appendUTF16(b, s)
}

// parcelException returns a SecurityException: its number, the message, and the size
// of a stack trace that is not sent.
func parcelException(message string) []byte {
	b := appendUTF16(binary.LittleEndian.AppendUint32(nil, 0xffffffff), message)
	return binary.LittleEndian.AppendUint32(b, 0)
}

func appendUTF16(b []byte, s string) []byte {
	units := append(utf16.Encode([]rune(s)), 0)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(units)-1))
	for _, u := range units {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// dumpParcel prints a parcel as libbinder does: words in hexadecimal, and their
// bytes behind, a dot for each that is not printable.
func dumpParcel(b []byte) string {
	if len(b) <= 16 {
		return "Parcel(" + hexWords(b) + "  '" + gutter(b) + "')"
	}
	var out strings.Builder
	out.WriteString("Parcel(")
	for at := 0; at < len(b); at += 16 {
		row := b[at:min(len(b), at+16)]
		fmt.Fprintf(&out, "\n  0x%08x: %-36s'%-16s'", at, hexWords(row), gutter(row))
	}
	return out.String() + ")"
}

func hexWords(b []byte) string {
	var out strings.Builder
	for ; len(b) >= 4; b = b[4:] {
		fmt.Fprintf(&out, "%08x ", binary.LittleEndian.Uint32(b))
	}
	return out.String()
}

func gutter(b []byte) string {
	out := []byte(string(b))
	for i, c := range out {
		if c < ' ' || c > 126 {
			out[i] = '.'
		}
	}
	return string(out)
}
