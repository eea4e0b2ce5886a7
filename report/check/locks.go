package check

const (
	LockRepairModeOff      = "lock.repair-mode.off"
	IdentitySystem         = "identity.system"
	LockSecondSpaceNone    = "lock.second-space.none"
	LockDualAppsNone       = "lock.dual-apps.none"
	LockWorkProfileNone    = "lock.work-profile.none"
	AccountMiSignedOut     = "account.mi.signed-out"
	LockFindDeviceOff      = "lock.find-device.off"
	LockDebtNone           = "lock.debt.none"
	AccountGoogleSignedOut = "account.google.signed-out"
	LockFRPClear           = "lock.frp.clear"
	AccountOthers          = "account.others"
	LockOwnerNone          = "lock.owner.none"
	LockResetAllowed       = "lock.reset.allowed"
	InsideSIMNone          = "inside.sim.none"
	InsideSDNone           = "inside.sd.none"
	InsideESIMNone         = "inside.esim.none"
	LockScreenOff          = "lock.screen.off"
	LockOEMUnlockOff       = "lock.oem-unlock.off"
	AccountMiUnlinked      = "account.mi.unlinked"
	OnlineActivationLock   = "online.activation-lock"
)

// locks are the checks of what keeps a repairer or the next owner out, and of what
// should not travel with the handset.
var locks = []Row{
	{
		ID: LockRepairModeOff, Title: "check.lock.repair-mode.off",
		Required: true, Why: "the repairer meets a lock that was not seen",
		Remedy:    "lock.repair-mode.remove",
		NotProved: "lock.repair-mode.not-proved",
	},
	{
		ID: IdentitySystem, Title: "check.identity.system",
		Required: true, Why: "on another system than the maker's, answers about bootloader, root and region prove nothing",
		Remedy:    "identity.system.remedy",
		NotProved: "identity.system.not-proved",
	},
	{
		ID: LockSecondSpaceNone, Title: "check.lock.second-space.none",
		Why:       "its accounts are asked about by account.*",
		Remedy:    "lock.second-space.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockDualAppsNone, Title: "check.lock.dual-apps.none",
		Why:       "its accounts are asked about by account.*, and its files by backup.storage",
		Remedy:    "lock.dual-apps.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockWorkProfileNone, Title: "check.lock.work-profile.none",
		Why:       "what manages it is asked about by lock.owner",
		Remedy:    "lock.work-profile.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockFindDeviceOff, Title: "check.lock.find-device.off",
		Required: true, Why: "the repairer meets a lock that was not seen",
		Remedy:    "lock.find-device.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: AccountMiSignedOut, Title: "check.account.mi.signed-out",
		Required: true, Why: "a signed-in account locks the handset after the reset",
		Remedy:    "account.mi.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockDebtNone, Title: "check.lock.debt.none",
		Required: true, Why: "the repairer meets a lock that was not seen",
		Remedy:    "lock.debt.remove",
		NotProved: "lock.debt.not-proved",
	},
	{
		ID: AccountGoogleSignedOut, Title: "check.account.google.signed-out",
		Required: true, Why: "a signed-in account locks the handset after the reset",
		Remedy:    "account.google.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockFRPClear, Title: "check.lock.frp.clear",
		Required: true, Why: "the repairer meets a lock that was not seen",
		Remedy:    "lock.frp.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: AccountOthers, Title: "check.account.others",
		Why:       "accounts of other apps lock nothing",
		Remedy:    "account.others.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockOwnerNone, Title: "check.lock.owner.none",
		Required: true, Why: "the repairer meets a lock that was not seen",
		Remedy:    "lock.owner.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockResetAllowed, Title: "check.lock.reset.allowed",
		Required: true, Why: "the repairer meets a lock that was not seen",
		Remedy:    "lock.reset.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: InsideSIMNone, Title: "check.inside.sim.none",
		Why:       "the owner should know; nothing depends on it",
		Remedy:    "inside.sim.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: InsideSDNone, Title: "check.inside.sd.none",
		Why:       "the owner should know; nothing depends on it",
		Remedy:    "inside.sd.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: InsideESIMNone, Title: "check.inside.esim.none",
		Why:       "the owner should know; nothing depends on it",
		Remedy:    "inside.esim.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockScreenOff, Title: "check.lock.screen.off",
		Why:       "the reset takes a screen lock with it",
		Remedy:    "lock.screen.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: LockOEMUnlockOff, Title: "check.lock.oem-unlock.off",
		Why:       "it concerns the factory reset protection and is not a lock itself",
		Remedy:    "lock.oem-unlock.remove",
		NotProved: "lock.not-proved",
	},
	{
		ID: AccountMiUnlinked, Title: "check.account.mi.unlinked",
		Why:       "only the owner can see the account's web page",
		NotProved: "account.mi.unlinked.not-proved",
	},
	{
		ID: OnlineActivationLock, Title: "check.online.activation-lock",
		Why:       "the service is unofficial",
		Remedy:    "online.activation-lock.remedy",
		NotProved: "online.activation-lock.not-proved",
	},
}
