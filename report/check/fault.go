package check

const (
	FaultBuild        = "fault.build"
	FaultUpdate       = "fault.update"
	FaultBattery      = "fault.battery"
	FaultBatteryWear  = "fault.battery.wear"
	FaultRestarts     = "fault.restarts"
	FaultKernelLog    = "fault.kernel-log"
	FaultCrashes      = "fault.crashes"
	FaultThermal      = "fault.thermal"
	FaultStorageSpace = "fault.storage.space"
	FaultStorageWear  = "fault.storage.wear"
	FaultNetwork      = "fault.network"
	FaultWiFi         = "fault.wifi"
	FaultBluetooth    = "fault.bluetooth"
	FaultSensors      = "fault.sensors"
	FaultCameras      = "fault.cameras"
	FaultTouch        = "fault.touch"
)

// whyFault is why no check of the fault is required.
const whyFault = "a fault is why the handset is posted"

// fault are the checks of what a handset shows of its own fault.
var fault = []Row{
	{ID: FaultBuild, Title: "check.fault.build", Why: whyFault, NotProved: "fault.build.not-proved"},
	{ID: FaultUpdate, Title: "check.fault.update", Why: whyFault},
	{ID: FaultBattery, Title: "check.fault.battery", Why: whyFault, Remedy: "identity.battery.remedy", NotProved: "identity.battery.not-proved"},
	{ID: FaultBatteryWear, Title: "check.fault.battery.wear", Why: whyFault, NotProved: "fault.battery.wear.not-proved"},
	{ID: FaultRestarts, Title: "check.fault.restarts", Why: whyFault, NotProved: "fault.restarts.not-proved"},
	{ID: FaultKernelLog, Title: "check.fault.kernel-log", Why: whyFault, NotProved: "fault.kernel-log.not-proved"},
	{ID: FaultCrashes, Title: "check.fault.crashes", Why: whyFault, NotProved: "fault.crashes.not-proved"},
	{ID: FaultThermal, Title: "check.fault.thermal", Why: whyFault, NotProved: "fault.thermal.not-proved"},
	{ID: FaultStorageSpace, Title: "check.fault.storage.space", Why: whyFault, Remedy: "fault.storage.full.remedy"},
	{ID: FaultStorageWear, Title: "check.fault.storage.wear", Why: whyFault, NotProved: "fault.storage.wear.not-proved"},
	{ID: FaultNetwork, Title: "check.fault.network", Why: whyFault, NotProved: "fault.network.not-proved"},
	{ID: FaultWiFi, Title: "check.fault.wifi", Why: whyFault, NotProved: "fault.wifi.not-proved"},
	{ID: FaultBluetooth, Title: "check.fault.bluetooth", Why: whyFault, NotProved: "fault.bluetooth.not-proved"},
	{ID: FaultSensors, Title: "check.fault.sensors", Why: whyFault, NotProved: "fault.sensors.not-proved"},
	{ID: FaultCameras, Title: "check.fault.cameras", Why: whyFault, NotProved: "fault.cameras.not-proved"},
	{ID: FaultTouch, Title: "check.fault.touch", Why: whyFault, NotProved: "fault.touch.not-proved"},
}
