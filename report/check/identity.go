package check

const (
	IdentityKind                 = "identity.kind"
	IdentitySerial               = "identity.serial"
	IdentityIMEI                 = "identity.imei"
	IdentityIMEILuhn             = "identity.imei.luhn"
	IdentityIMEIPair             = "identity.imei.pair"
	IdentityIMEISources          = "identity.imei.sources"
	IdentityIMEIGiven            = "identity.imei.given"
	IdentityIMEIBox              = "identity.imei.box"
	IdentityIMEISticker          = "identity.imei.sticker"
	IdentityIMEIReceipt          = "identity.imei.receipt"
	IdentitySNBox                = "identity.sn.box"
	IntakeHandset                = "intake.handset"
	ComputerClock                = "computer.clock"
	ComputerAfter                = "computer.after"
	IdentityBootloader           = "identity.bootloader"
	IdentityEncryption           = "identity.encryption"
	IdentityRoot                 = "identity.root"
	IdentityRegionFlashed        = "identity.region-flashed"
	IdentityContradiction        = "identity.contradiction"
	IdentitySecuritySettings     = "identity.security-settings"
	IdentityBattery              = "identity.battery"
	IdentityStorage              = "identity.storage"
	IdentitySIMs                 = "identity.sims"
	IdentityUsers                = "identity.users"
	IdentityMEID                 = "identity.meid"
	IdentityBoardSN              = "identity.board-sn"
	IdentityManufacturer         = "identity.manufacturer"
	IdentityModel                = "identity.model"
	IdentityMarketName           = "identity.market-name"
	IdentityCodename             = "identity.codename"
	IdentityOSName               = "identity.os.name"
	IdentityOSVersion            = "identity.os.version"
	IdentityAndroidRelease       = "identity.android.release"
	IdentityAndroidSecurityPatch = "identity.android.security-patch"
	IdentityFingerprint          = "identity.fingerprint"
	IdentityRegion               = "identity.region"
	IdentityHWC                  = "identity.hwc"
	IdentityVerifiedBoot         = "identity.verified-boot"
	IdentitySN                   = "identity.sn"
	IdentityAndroidSDK           = "identity.android.sdk"
	IdentityBatteryHealth        = "identity.battery.health"
)

// identity are the checks of who the handset is.
var identity = []Row{
	{
		ID: IdentityKind, Title: "check.identity.kind",
		Why:       "the service centre can see it for itself",
		NotProved: "identity.kind.not-proved",
	},
	{
		ID: IdentitySerial, Title: "check.identity.serial",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityIMEI, Title: "check.identity.imei",
		Required: true, Why: "a phone with another IMEI than its papers is refused",
		Remedy:    "identity.imei.remedy.read-off",
		NotProved: "identity.imei.not-proved",
	},
	{
		ID: IdentityIMEILuhn, Title: "check.identity.imei.luhn",
		Why:    "it follows from the IMEI, which has its own check",
		Remedy: "identity.imei.luhn.remedy",
	},
	{
		ID: IdentityIMEIPair, Title: "check.identity.imei.pair",
		Why: "it follows from the IMEI, which has its own check",
	},
	{
		ID: IdentityIMEISources, Title: "check.identity.imei.sources",
		Why:    "one source is enough",
		Remedy: "identity.imei.luhn.remedy",
	},
	{
		ID: IdentityIMEIGiven, Title: "check.identity.imei.given",
		Required: true, Why: "a phone with another IMEI than its papers is refused",
		Remedy: "identity.paper.read-again",
	},
	{
		ID: IdentityIMEIBox, Title: "check.identity.imei.box",
		Required: true, Why: "a phone with another IMEI than its papers is refused",
		Remedy: "identity.paper.remedy",
	},
	{
		ID: IdentityIMEISticker, Title: "check.identity.imei.sticker",
		Required: true, Why: "a phone with another IMEI than its papers is refused",
		Remedy: "identity.paper.remedy",
	},
	{
		ID: IdentityIMEIReceipt, Title: "check.identity.imei.receipt",
		Required: true, Why: "a phone with another IMEI than its papers is refused",
		Remedy: "identity.paper.remedy",
	},
	{
		ID: IdentitySNBox, Title: "check.identity.sn.box",
		Required: true, Why: "it is asked only if the owner gave the number",
		Remedy: "identity.paper.remedy",
	},
	{
		ID: IntakeHandset, Title: "check.intake.handset",
		Required: true, Why: "a claim for another handset is refused",
		Remedy:    "intake.handset.remedy",
		NotProved: "intake.handset.not-proved",
	},
	{
		ID: ComputerClock, Title: "check.computer.clock",
		Why:    "only the times in the report depend on it",
		Remedy: "computer.clock.remedy",
	},
	{
		ID: ComputerAfter, Title: "check.computer.after",
		Why: "the report is sealed before the program runs",
	},
	{
		ID: IdentityBootloader, Title: "check.identity.bootloader",
		Why:       "the service centre can see it for itself",
		Remedy:    "identity.bootloader.remedy",
		NotProved: "identity.bootloader.not-proved",
	},
	{
		ID: IdentityEncryption, Title: "check.identity.encryption",
		Why:    "the service centre can see it for itself",
		Remedy: "identity.encryption.remedy",
	},
	{
		ID: IdentityRoot, Title: "check.identity.root",
		Why:       "the service centre can see it for itself",
		Remedy:    "identity.root.remedy",
		NotProved: "identity.root.not-proved",
	},
	{
		ID: IdentityRegionFlashed, Title: "check.identity.region-flashed",
		Why:    "the service centre can see it for itself",
		Remedy: "identity.region-flashed.remedy",
	},
	{
		ID: IdentityContradiction, Title: "check.identity.contradiction",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentitySecuritySettings, Title: "check.identity.security-settings",
		Why:    "the service centre can see it for itself",
		Remedy: "identity.security-settings.remedy",
	},
	{
		ID: IdentityBattery, Title: "check.identity.battery",
		Why:       "the service centre can see it for itself",
		Remedy:    "identity.battery.remedy",
		NotProved: "identity.battery.not-proved",
	},
	{
		ID: IdentityStorage, Title: "check.identity.storage",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentitySIMs, Title: "check.identity.sims",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityUsers, Title: "check.identity.users",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityMEID, Title: "check.identity.meid",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityBoardSN, Title: "check.identity.board-sn",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityManufacturer, Title: "check.identity.manufacturer",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityModel, Title: "check.identity.model",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityMarketName, Title: "check.identity.market-name",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityCodename, Title: "check.identity.codename",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityOSName, Title: "check.identity.os.name",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityOSVersion, Title: "check.identity.os.version",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityAndroidRelease, Title: "check.identity.android.release",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityAndroidSecurityPatch, Title: "check.identity.android.security-patch",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityFingerprint, Title: "check.identity.fingerprint",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityRegion, Title: "check.identity.region",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityHWC, Title: "check.identity.hwc",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityVerifiedBoot, Title: "check.identity.verified-boot",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentitySN, Title: "check.identity.sn",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityAndroidSDK, Title: "check.identity.android.sdk",
		Why: "the service centre can see it for itself",
	},
	{
		ID: IdentityBatteryHealth, Title: "check.identity.battery.health",
		Why: "the service centre can see it for itself",
	},
}
