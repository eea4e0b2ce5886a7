package doctor

import (
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"

	"preship/adb"
	"preship/report"
)

// plug puts a handset on the made-up bus.
func (p *testComputer) plug(name, vendor, serial, speed string, dev string, interfaces ...string) {
	at := "sys/bus/usb/devices/" + name
	for file, value := range map[string]string{
		"idVendor": vendor, "idProduct": "ff48", "manufacturer": "Xiaomi", "product": "Redmi Note 10", "serial": serial,
		"speed": speed, "busnum": "1", "devnum": dev,
	} {
		p.write(at+"/"+file, value+"\n", 0o444)
	}
	for i, class := range interfaces {
		at := at + ":1." + string(rune('0'+i))
		p.write(at+"/bInterfaceClass", class[:2]+"\n", 0o444)
		p.write(at+"/bInterfaceSubClass", class[2:4]+"\n", 0o444)
		p.write(at+"/bInterfaceProtocol", class[4:]+"\n", 0o444)
	}
}

func TestDoctorLooksAtBus(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("sysfs has colons in its names")
	}
	denied := func(string) error { return fs.ErrPermission }
	for _, tt := range []struct {
		name        string
		set         func(*testComputer)
		status      report.Status
		found, next string
	}{
		{"no sysfs", func(*testComputer) {}, report.StatusUnknown, "could not be checked", ""},
		{"nothing but a hub and a disk", func(p *testComputer) {
			p.write("sys/bus/usb/devices/usb1/idVendor", "1d6b", 0o444)
			p.plug("1-1", "0781", "disk", "480", "2", "080650")
		}, report.StatusWarn, "only charges", "carries data"},
		{"nothing, but one on the network", func(p *testComputer) {
			p.plug("1-1", "0781", "disk", "480", "2", "080650")
			p.infos = []adb.DeviceInfo{{Serial: "10.0.0.1:5555", State: adb.StateDevice}}
		}, report.StatusSkipped, "another way", ""},
		{"ready", func(p *testComputer) { p.plug("1-2.4", "2717", "a", "480", "5", "060101", "ff4201") }, report.StatusPass, "Xiaomi Redmi Note 10 2717:ff48 at 480 Mbit/s", ""},
		{"fast", func(p *testComputer) { p.plug("2-1", "2717", "a", "5000", "5", "ff4201") }, report.StatusPass, "5000 Mbit/s", ""},
		{"slow", func(p *testComputer) { p.plug("1-2", "2717", "a", "12", "5", "ff4201") }, report.StatusWarn, "very slow", "another cable"},
		{"charging only", func(p *testComputer) { p.plug("1-2", "2717", "a", "480", "5", "060101") }, report.StatusWarn, "without adb", "Switch on USB debugging"},
		{"charging only, with no interface at all", func(p *testComputer) { p.plug("1-2", "2717", "a", "480", "5") }, report.StatusWarn, "without adb", "File transfer"},
		{"fastboot", func(p *testComputer) { p.plug("1-2", "18d1", "a", "480", "5", "ff4203") }, report.StatusWarn, "in fastboot", "power key"},
		{"no permission", func(p *testComputer) {
			p.plug("1-2", "2717", "a", "480", "5", "ff4201")
			p.machine.openUSB = denied
		}, report.StatusFail, "/dev/bus/usb/001/005", `ATTR{idVendor}=="2717", MODE="0660", GROUP="plugdev", TAG+="uaccess"`},
		{"no permission, says adb too", func(p *testComputer) {
			p.plug("1-2", "2717", "a", "480", "5", "ff4201")
			p.machine.openUSB = denied
			p.infos = []adb.DeviceInfo{{Serial: "a", State: adb.StateNoPermissions}}
		}, report.StatusFail, "may not open", "usermod"},
		{"no permission, but the server has it", func(p *testComputer) {
			p.plug("1-2", "2717", "a", "480", "5", "ff4201")
			p.machine.openUSB = denied
			p.infos = []adb.DeviceInfo{{Serial: "a", State: adb.StateUnauthorized}}
		}, report.StatusPass, "Redmi", ""},
		{"two, one without adb", func(p *testComputer) {
			p.plug("1-2", "2717", "a", "480", "5", "ff4201")
			p.plug("1-3", "2717", "b", "480", "6", "060101")
		}, report.StatusWarn, "; Xiaomi", "Switch on USB debugging"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newComputer(t)
			tt.set(p)
			p.bus, p.busErr = p.machine.usb()
			expect(t, tt.name, checkUSB(t.Context(), p.facts), tt.status, tt.found, tt.next)
		})
	}
}

func TestDoctorOnOtherSystems(t *testing.T) {
	t.Parallel()
	for goos, word := range map[string]string{"windows": "Device Manager", "darwin": "System Information"} {
		p := newComputer(t)
		p.machine.goos = goos
		p.bus, p.busErr = p.machine.usb()
		expect(t, goos, checkUSB(t.Context(), p.facts), report.StatusSkipped, "does not show", word)
	}
}

func TestDoctorFindsWhoHolds(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("sysfs has colons in its names")
	}
	hold := func(p *testComputer, pid, program string) {
		p.link(filepath.Join(p.root, "/dev/bus/usb/001/005"), "proc/"+pid+"/fd/9")
		p.link(program, "proc/"+pid+"/exe")
	}
	claim := func(p *testComputer) { p.link("../drivers/usbfs", "sys/bus/usb/devices/1-2:1.0/driver") }
	for _, tt := range []struct {
		name        string
		set         func(*testComputer)
		status      report.Status
		found, next string
	}{
		{"nobody", func(*testComputer) {}, report.StatusPass, "only adb", ""},
		{"adb", func(p *testComputer) { claim(p); hold(p, "42", "/usr/bin/adb") }, report.StatusPass, "only adb", ""},
		{"another program", func(p *testComputer) { claim(p); hold(p, "43", "/opt/flasher") }, report.StatusWarn, "/opt/flasher (process 43)", "Close it"},
		{"a file manager beside adb", func(p *testComputer) {
			claim(p)
			hold(p, "42", "/usr/bin/adb")
			hold(p, "44", "/usr/libexec/gvfsd-mtp")
		}, report.StatusPass, "gvfsd-mtp", ""},
		{"somebody who is not seen", func(p *testComputer) { claim(p); p.server.err = errors.New("none") }, report.StatusWarn, "another user", "Log the other user out"},
	} {
		p := newComputer(t)
		p.plug("1-2", "2717", "a", "480", "5", "ff4201")
		tt.set(p)
		p.bus, p.busErr = p.machine.usb()
		expect(t, tt.name, checkUSBPrograms(t.Context(), p.facts), tt.status, tt.found, tt.next)
	}
	p := newComputer(t)
	expect(t, "no handset", checkUSBPrograms(t.Context(), p.facts), report.StatusSkipped, "no handset", "")
}
