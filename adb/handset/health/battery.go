package health

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"preship/report/pattern"

	"preship/adb/handset/dump"
)

// Capacity is what Android learned about the capacity of the battery, in mAh. Estimated is
// the capacity that the maker's power profile states. Used is what the handset used since
// the last full charge while it ran OnBattery.
type Capacity struct {
	Estimated, Learned, LeastLearned, MostLearned *int

	Used      *int
	OnBattery *time.Duration
}

var capacityLine = pattern.New(`^\s*(Estimated|Last learned|Min learned|Max learned) battery capacity: (\d{1,6})(?:\.\d{1,6})? mAh\s*$`)

var (
	usedLine      = pattern.New(`^\s*Discharge: (\d{1,6})(?:\.\d{1,6})? mAh\s*$`)
	onBatteryLine = pattern.New(`^\s*Time on battery: (?:(\d{1,4})d )?(?:(\d{1,2})h )?(?:(\d{1,2})m )?(?:(\d{1,2})s )?\d{1,3}ms \(`)
)

// drain reads a line about the use since the last full charge. The first such line
// counts.
func (c *Capacity) drain(line string) {
	if m := usedLine().FindStringSubmatch(line); m != nil && c.Used == nil {
		n, _ := strconv.Atoi(m[1]) // at most six digits
		c.Used = &n
	}
	if m := onBatteryLine().FindStringSubmatch(line); m != nil && c.OnBattery == nil {
		var d time.Duration
		for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
			n, _ := strconv.Atoi(m[i+1]) // empty, or at most four digits
			d += time.Duration(n) * unit
		}
		c.OnBattery = &d
	}
}

// ParseCapacity parses "dumpsys batterystats --charged". The line with the learned
// capacity is there from Android 9 on, after the first full charge.
// The error is dump.ErrNoHeading or dump.ErrMalformed.
func ParseCapacity(b []byte) (Capacity, error) {
	var c Capacity
	heading := false
	for line := range lines(b) {
		heading = heading || strings.HasPrefix(line, "Statistics since last charge:")
		m := capacityLine().FindStringSubmatch(line)
		if m == nil {
			c.drain(line)
			continue
		}
		to := map[string]**int{"Estimated": &c.Estimated, "Last learned": &c.Learned, "Min learned": &c.LeastLearned, "Max learned": &c.MostLearned}[m[1]]
		n, _ := strconv.Atoi(m[2]) // at most six digits
		if *to != nil && **to != n {
			return Capacity{}, fmt.Errorf("batterystats: %w: two values of %q", dump.ErrMalformed, m[1])
		}
		if n > 0 {
			*to = &n
		}
	}
	if !heading {
		return Capacity{}, fmt.Errorf("batterystats: %w", dump.ErrNoHeading)
	}
	return c, nil
}

// HAL is what the health service of the maker says about battery and storage. A value that
// the service does not know is nil.
type HAL struct {
	Cycles        *int // charges so far
	FullMicroAh   *int // capacity when full
	DesignMicroAh *int // capacity when new
	StateOfHealth *int // percent
	Storages      []StorageLife
}

// StorageLife is the wear of one storage chip as JEDEC states it: a life of n means that
// (n-1)*10 to n*10 percent of it is used, and 11 that it is over. EndOfLife is 1 normal,
// 2 warning, 3 urgent; 0 is not defined.
type StorageLife struct{ EndOfLife, LifeA, LifeB int }

// In HAL, "key: value" of AIDL (Android 13 on), "key = value" of HIDL.
var (
	halField   = pattern.New(`\.?(batteryCycleCount|batteryFullChargeUah|batteryFullCharge|batteryFullChargeDesignCapacityUah|batteryStateOfHealth)(?::| =) (-?\d{1,10})\b`)
	halStorage = pattern.New(`\.?eol(?::| =) (\d{1,5}), \.?lifetimeA(?::| =) (\d{1,5}), \.?lifetimeB(?::| =) (\d{1,5})\b`)
)

// ParseHAL parses the dump of the health service. The service prints 0 for values that it does
// not know, which is nil here: a new battery with no cycle counts as not known.
// The error is dump.ErrNoHeading or dump.ErrMalformed.
func ParseHAL(b []byte) (HAL, error) {
	b = b[:min(len(b), Most)]
	if !bytes.Contains(b, []byte("getHealthInfo -> ")) && !bytes.Contains(b, []byte("HealthInfo{")) {
		return HAL{}, fmt.Errorf("health service: %w", dump.ErrNoHeading)
	}
	var h HAL
	fields := map[string]**int{
		"batteryCycleCount": &h.Cycles, "batteryFullChargeUah": &h.FullMicroAh, "batteryFullCharge": &h.FullMicroAh,
		"batteryFullChargeDesignCapacityUah": &h.DesignMicroAh, "batteryStateOfHealth": &h.StateOfHealth,
	}
	for _, m := range halField().FindAllSubmatch(b, -1) {
		n, err := strconv.Atoi(string(m[2]))
		if err != nil || n <= 0 {
			continue
		}
		to := fields[string(m[1])]
		if *to != nil && **to != n {
			return HAL{}, fmt.Errorf("health service: %w: two values of %s", dump.ErrMalformed, m[1])
		}
		*to = &n
	}
	if h.StateOfHealth != nil && *h.StateOfHealth > 100 {
		return HAL{}, fmt.Errorf("health service: %w: a state of health of %d %%", dump.ErrMalformed, *h.StateOfHealth)
	}
	for _, m := range halStorage().FindAllSubmatch(b, maxList) {
		var s StorageLife
		for i, to := range []*int{&s.EndOfLife, &s.LifeA, &s.LifeB} {
			*to, _ = strconv.Atoi(string(m[i+1])) // at most five digits
		}
		if s.EndOfLife > 3 || s.LifeA > 11 || s.LifeB > 11 {
			continue // HIDL and AIDL know no such value
		}
		h.Storages = append(h.Storages, s)
	}
	return h, nil
}

// ParseNode parses a number of /sys/class/power_supply. The error is dump.ErrMalformed.
func ParseNode(b []byte) (int, error) {
	text := strings.TrimSpace(string(b[:min(len(b), 64)]))
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("power supply: %w: %q", dump.ErrMalformed, dump.Printable([]byte(text), 40))
	}
	return n, nil
}
