package mask

import (
	"strings"

	"preship/report/pattern"

	"preship/adb/handset"
	"preship/adb/handset/dump"
)

var (
	keptEvent   = pattern.New(`^(?:Drop box contents: \d{1,6} entries|Max entries: \d{1,6}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Za-z][\w.:-]{0,79} \([a-z ]{4,20}(?:, \d{1,12} bytes)?\))$`)
	builtKernel = pattern.New(`^(Linux version [\w.+-]{1,100}) \(.{1,400}\) (#[\w :+-]{1,120})$`)
	crashedApp  = pattern.New(`^(\s+Process: )([\w.]{1,200})`)
	healthLine  = pattern.New(`^\s*(?:cycle count|Full charge|charge counter|current (?:now|avg)): -?\d{1,12}$`)
	healthField = pattern.New(`\b(?:battery(?:Status|Health|Level|CycleCount|FullChargeUah|FullCharge|FullChargeDesignCapacityUah|StateOfHealth|VoltageMillivolts|TemperatureTenthsCelsius)|eol|lifetimeA|lifetimeB)(?::| =) -?\w{1,20}\b`)
)

// maskKernel keeps version and build of a kernel.
func maskKernel(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		m := builtKernel().FindStringSubmatch(line)
		if m == nil {
			return "", false
		}
		return m[1] + " (" + dump.Masked + ") " + m[2], true
	})
}

// maskEvents keeps when what happened, and the name of an app that came with the system.
func maskEvents(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		if m := crashedApp().FindStringSubmatch(line); m != nil {
			return m[1] + appName(m[2]), true
		}
		return line, keptEvent().MatchString(line)
	})
}

// maskHealth keeps the numbers of battery and storage.
func maskHealth(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(line string) (string, bool) {
		if fields := healthField().FindAllString(line, 100); strings.HasPrefix(line, "getHealthInfo -> ") {
			return "getHealthInfo -> HealthInfo{" + strings.Join(fields, ", ") + "}", true
		}
		return line, healthLine().MatchString(line)
	})
}
