package doctor

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// usbDevice is a device on the bus, from sysfs.
type usbDevice struct {
	vendor, product string // four hexadecimal digits
	maker, name     string // the device's own words
	serial          string
	node            string // /dev/bus/usb/001/005
	speed           int    // Mbit/s; 0 when the kernel does not say
	interfaces      []usbInterface
}

type usbInterface struct {
	class  string // class, subclass and protocol: "ff4201"
	driver string // of the kernel; "usbfs" while a program has claimed it; "" without a driver
}

// Interfaces of handsets: adb.h and fastboot in AOSP; MTP as usb.org has it,
// under which Android also lists it as vendor specific.
const (
	adbInterface      = "ff4201"
	fastbootInterface = "ff4203"
	mtpInterface      = "060101"
)

// phoneMakers are vendor numbers under which handsets stand on the bus and little
// else, from usb.ids and Android's own list of vendors.
var phoneMakers = map[string]string{
	"2717": "Xiaomi", "18d1": "Google", "22d9": "OPPO", "2a70": "OnePlus", "2d95": "vivo", "22b8": "Motorola",
	"12d1": "Huawei", "2a45": "Meizu", "2ae5": "Fairphone", "1bbb": "TCL", "0e8d": "MediaTek", "05c6": "Qualcomm",
}

func (d usbDevice) has(class string) bool {
	return slices.ContainsFunc(d.interfaces, func(i usbInterface) bool { return i.class == class })
}

func (d usbDevice) handset() bool {
	_, maker := phoneMakers[d.vendor]
	return maker || d.has(adbInterface) || d.has(fastbootInterface) || d.has(mtpInterface)
}

func (d usbDevice) String() string {
	s := strings.TrimSpace(d.maker + " " + d.name)
	if s == "" {
		s = phoneMakers[d.vendor]
	}
	s = strings.TrimSpace(fmt.Sprintf("%s %s:%s", s, d.vendor, d.product))
	if d.speed > 0 {
		s += fmt.Sprintf(" at %d Mbit/s", d.speed)
	}
	return s
}

// usbNames are the entries of /sys/bus/usb/devices that are devices: "1-2.4".
// Their interfaces are beside them: "1-2.4:1.0".
var usbNames = regexp.MustCompile(`^[0-9]+-[0-9]+(\.[0-9]+)*$`)

// LinkSpeed returns the speed at which a place on this computer's bus, such as "1-4",
// works, in Mbit/s; 0 if the system does not say.
func LinkSpeed(place string) int {
	m := thisMachine(time.Time{})
	if m.goos != "linux" || !usbNames.MatchString(place) {
		return 0
	}
	speed, _ := strconv.Atoi(attribute(m.path("/sys/bus/usb/devices/"+place), "speed")) // 0: "1.5", or not said
	return speed
}

// usb lists the handsets on the bus. Only Linux shows them as files.
func (m machine) usb() ([]usbDevice, error) {
	if m.goos != "linux" {
		return nil, nil
	}
	const folder = "/sys/bus/usb/devices"
	entries, err := os.ReadDir(m.path(folder))
	if err != nil {
		return nil, err
	}
	var found []usbDevice
	for _, entry := range entries {
		if !usbNames.MatchString(entry.Name()) {
			continue
		}
		d := readUSB(m.path(folder), entry.Name())
		if d.handset() {
			found = append(found, d)
		}
	}
	return found, nil
}

func readUSB(folder, name string) usbDevice {
	at := filepath.Join(folder, name)
	d := usbDevice{
		vendor: attribute(at, "idVendor"), product: attribute(at, "idProduct"),
		maker: attribute(at, "manufacturer"), name: attribute(at, "product"), serial: attribute(at, "serial"),
	}
	d.speed, _ = strconv.Atoi(attribute(at, "speed")) // 0: "1.5", or not said
	bus, errBus := strconv.Atoi(attribute(at, "busnum"))
	dev, errDev := strconv.Atoi(attribute(at, "devnum"))
	if errBus == nil && errDev == nil {
		d.node = fmt.Sprintf("/dev/bus/usb/%03d/%03d", bus, dev)
	}
	interfaces, _ := filepath.Glob(at + ":*") // the pattern is sound
	for _, i := range interfaces {
		driver, _ := os.Readlink(filepath.Join(i, "driver")) // no driver has claimed it
		d.interfaces = append(d.interfaces, usbInterface{
			attribute(i, "bInterfaceClass") + attribute(i, "bInterfaceSubClass") + attribute(i, "bInterfaceProtocol"),
			strings.TrimPrefix(filepath.Base(driver), "."),
		})
	}
	return d
}

// maxAttribute is a page, the most that sysfs gives of one.
const maxAttribute = 4 << 10

// attribute is a value of sysfs, "" if it is missing.
func attribute(dir, name string) string {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxAttribute))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
