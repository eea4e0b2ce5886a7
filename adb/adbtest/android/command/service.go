package command

import (
	"context"
	"encoding/binary"
	"fmt"
	"regexp"
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

// slotProps are the properties that may hold the IMEI of a slot.
var slotProps = [][]string{
	{"ro.ril.miui.imei0", "ro.ril.oem.imei1", "ro.ril.oem.imei", "persist.radio.imei"},
	{"ro.ril.miui.imei1", "ro.ril.oem.imei2"},
}

// IMEIs returns the IMEIs by slot: what the profile gives, or else the properties.
func (p *process) IMEIs() (list []string) {
	for _, s := range p.Profile.SIMs {
		list = append(list, s.IMEI)
	}
	for n := 0; n < len(slotProps) && len(p.Profile.SIMs) == 0; n++ {
		for _, key := range slotProps[n] {
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
	code, _ := strconv.Atoi(args[1])
	slot := 0
	for args := args[2:]; len(args) > 0; args = args[2:] {
		if len(args) < 2 || args[0] != "i32" && args[0] != "s16" {
			fmt.Fprintf(p.Stderr, "service: unknown option %s\n", args[0])
			return 10
		}
		if args[0] == "i32" {
			slot, _ = strconv.Atoi(args[1])
		}
	}
	parcel := make([]byte, 4)
	if args[0] == phoneService {
		parcel = p.phoneCall(code, slot)
	}
	p.Printf("Result: %s\n", dumpParcel(parcel))
	return 0
}

// phoneCall answers IPhoneSubInfo with a parcel of the IMEI in a slot: a word that is 0, the
// length, and UTF-16. The IMEI of a slot has had the number 3 from Android 5.1 to 10
// and 4 from 11 on; 1 is the first slot's.
func (p *process) phoneCall(code, slot int) []byte {
	perSlot, list := 4, p.IMEIs()
	if p.SDK() < 30 {
		perSlot = 3
	}
	if code == 1 {
		slot = 0
	}
	if code != perSlot && code != 1 || slot < 0 || slot >= len(list) {
		return binary.LittleEndian.AppendUint64(nil, 0xffffffff<<32) // null
	}
	units := utf16.Encode([]rune(list[slot]))
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(units))<<32)
	for _, u := range append(units, 0) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return append(b, make([]byte, -len(b)&3)...)
}

// dumpParcel prints a parcel as libbinder does: words in hexadecimal, and their
// bytes behind, a dot for each that is not printable.
func dumpParcel(b []byte) string {
	var out strings.Builder
	for at := 0; at < len(b); at += 16 {
		row, words := b[at:min(len(b), at+16)], ""
		for n := 0; n < len(row); n += 4 {
			words += fmt.Sprintf("%08x ", binary.LittleEndian.Uint32(row[n:]))
		}
		text := regexp.MustCompile(`[^ -~]`).ReplaceAll(row, []byte("."))
		if len(b) <= 16 {
			return fmt.Sprintf("Parcel(%-10s  '%s')", words, text)
		}
		fmt.Fprintf(&out, "\n  0x%08x: %-36s'%-16s'", at, words, text)
	}
	return "Parcel(" + out.String() + ")"
}
