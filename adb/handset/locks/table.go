package locks

import (
	"slices"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/check"
	"preship/report/message"
)

// IDs of the locks, as findings name them.
const (
	RepairMode    = check.LockRepairModeOff
	System        = check.IdentitySystem
	MiAccount     = check.AccountMiSignedOut
	GoogleAccount = check.AccountGoogleSignedOut
	OtherAccounts = check.AccountOthers
	FindDevice    = check.LockFindDeviceOff
	Debt          = check.LockDebtNone
	FRP           = check.LockFRPClear
	Owner         = check.LockOwnerNone
	Restriction   = check.LockResetAllowed
	DualApps      = check.LockDualAppsNone
	WorkProfile   = check.LockWorkProfileNone
	SecondSpace   = check.LockSecondSpaceNone
	SIM           = check.InsideSIMNone
	SD            = check.InsideSDNone
	ESIM          = check.InsideESIMNone
	ScreenLock    = check.LockScreenOff
	OEMUnlock     = check.LockOEMUnlockOff
)

const googleType = "com.google"

func miTypes(s Answers) []string { return s.vendor().MiAccountTypes }

func googleTypes(Answers) []string { return []string{googleType} }

// noTypes: an account of any other type counts, so no type is nearly one.
func noTypes(Answers) []string { return nil }

func isOther(s Answers, kind string) bool {
	return kind != googleType && !slices.Contains(miTypes(s), kind)
}

var (
	miWords = accountWords{
		notListed: "account.mi.not-listed", signedIn: "account.mi.signed-in", unclear: "account.mi.unclear", usersNotListed: "account.mi.users-not-listed",
		otherUser: "account.mi.other-user", signedOut: "account.mi.signed-out",
	}
	googleWords = accountWords{
		notListed: "account.google.not-listed", signedIn: "account.google.signed-in", unclear: "account.google.unclear", usersNotListed: "account.google.users-not-listed",
		otherUser: "account.google.other-user", signedOut: "account.google.signed-out",
	}
	otherWords = accountWords{
		notListed: "account.others.not-listed", signedIn: "account.others.signed-in", usersNotListed: "account.others.users-not-listed",
		otherUser: "account.others.other-user", signedOut: "account.others.signed-out",
	}
	secondSpaceWords = spaceWords{
		notListed: "lock.second-space.users-not-listed", there: "lock.second-space.there", other: "lock.second-space.other-user", absent: "lock.second-space.absent",
	}
	dualAppsWords = spaceWords{
		notListed: "lock.dual-apps.users-not-listed", there: "lock.dual-apps.there", absent: "lock.dual-apps.absent",
	}
	workProfileWords = spaceWords{
		notListed: "lock.work-profile.users-not-listed", there: "lock.work-profile.there", absent: "lock.work-profile.absent",
	}
)

// leaveXiaomi: that the mode is left with the screen lock's password is from a
// public guide; where the entry stands differs by version, and was not tried.
const leaveXiaomi message.ID = "lock.repair-mode.remove.xiaomi"

// All is the table of locks, in the order their owner should look at them:
// what needs the accounts still signed in comes before signing out.
var All = []*Lock{
	{
		ID: RepairMode, Clear: "lock.repair-mode.off", Weight: Holds, Firm: true,
		Why: "in repair mode the handset shows a temporary, nearly empty system: a backup would save that and not the owner's data, and a reset would erase what was never saved",
		Remove: map[string]message.ID{
			"MIUI":    leaveXiaomi,
			"HyperOS": leaveXiaomi,
			"":        "lock.repair-mode.remove",
		},
		Look: "lock.repair-mode.look",
		read: readRepairMode,
	},
	{
		ID: System, Clear: "identity.system.makers", Weight: Holds,
		Why:   "a service centre puts the maker's system back, which erases everything, or refuses the handset; and what another system says of bootloader, root and region proves nothing",
		Look:  "identity.system.look",
		Needs: "job.needs.service-centre",
		Remove: map[string]message.ID{
			"": "identity.system.remedy",
		},
		read: readSystem,
	},
	{
		ID: SecondSpace, Clear: "lock.second-space.absent.no-other-user", Weight: Matters,
		Why: "its files, messages and accounts are in no backup made from the first space, and the reset erases them",
		Remove: map[string]message.ID{
			"MIUI":    "lock.second-space.remove.xiaomi",
			"HyperOS": "lock.second-space.remove.xiaomi",
			"":        "lock.second-space.remove",
		},
		Page: handset.OpenSettings, read: readUsers(secondSpaceWords, dump.UserSecondSpace, dump.UserSecondary),
	},
	{
		ID: DualApps, Clear: "lock.dual-apps.absent", Weight: Matters,
		Why: "the second copies of its apps keep their chats and accounts in a user of their own, which is in no backup, and the reset erases it",
		Remove: map[string]message.ID{
			"MIUI":    "lock.dual-apps.remove.xiaomi",
			"HyperOS": "lock.dual-apps.remove.xiaomi",
			"":        "lock.dual-apps.remove",
		},
		Page: handset.OpenSettings, read: readUsers(dualAppsWords, dump.UserDualApps),
	},
	{
		ID: WorkProfile, Clear: "lock.work-profile.absent", Weight: Matters,
		Why:    "it belongs to an organisation, which may have to release the handset",
		Remove: map[string]message.ID{"": "lock.work-profile.remove"},
		Page:   handset.OpenAccounts, read: readUsers(workProfileWords, dump.UserWorkProfile),
	},
	{
		ID: FindDevice, Clear: "lock.find-device.off", Weight: Holds, Vendors: []string{"Xiaomi", "Unknown"},
		Why: "it keeps the handset locked to its owner's account through any reset",
		Remove: map[string]message.ID{
			"MIUI":    "lock.find-device.remove.miui",
			"HyperOS": "lock.find-device.remove.hyperos",
			"":        "lock.find-device.remove",
		},
		Look: "lock.find-device.look",
		Page: handset.OpenMiAccount, read: readProvider(handset.FindDevice, "isLastStatusOpen", findDeviceUntold, judgeFindDevice),
	},
	{
		ID: MiAccount, Clear: "account.mi.signed-out", Weight: Holds, Vendors: []string{"Xiaomi", "Unknown"},
		Why: "a handset bound to an account asks for its password after the reset, and a service centre may refuse it",
		Remove: map[string]message.ID{
			"MIUI":    "account.mi.remove.miui",
			"HyperOS": "account.mi.remove.hyperos",
			"":        "account.mi.remove",
		},
		Look: "account.mi.look",
		Page: handset.OpenMiAccount, read: readAccounts(miWords, miTypes),
	},
	{
		ID: Debt, Clear: "lock.debt.no-notice", Weight: Holds, Vendors: []string{"Xiaomi", "Unknown"},
		Why:  "only the lender can lift it; no account of the owner's does",
		Look: "lock.debt.look", Needs: "job.needs.lender",
		Remove: map[string]message.ID{"": "lock.debt.remove"},
		read:   readProvider(handset.FindDeviceSession, "lastSessionUserId", debtUntold, judgeDebt),
	},
	{
		ID: GoogleAccount, Clear: "account.google.signed-out", Weight: Holds,
		Why: "after a reset from outside Settings the handset asks for it (factory reset protection)",
		Remove: map[string]message.ID{
			"MIUI":    "account.google.remove.xiaomi",
			"HyperOS": "account.google.remove.xiaomi",
			"":        "account.google.remove",
		},
		Look: "account.google.look",
		Page: handset.OpenAccounts, read: readAccounts(googleWords, googleTypes),
	},
	{
		ID: FRP, Clear: "lock.frp.off", Weight: Holds,
		Why:    "a handset that asks for an account nobody at the service centre has cannot be tested",
		Remove: map[string]message.ID{"": "lock.frp.remove"},
		Look:   "account.google.look",
		Page:   handset.OpenAccounts, read: readFRP,
	},
	{
		ID: OtherAccounts, Clear: "account.others.signed-out", Weight: Minor,
		Why:    "apps' own accounts; the reset erases them, but some messengers keep their chats only on the handset",
		Remove: map[string]message.ID{"": "account.others.remove"},
		Page:   handset.OpenAccounts, read: readCounted(otherWords, noTypes, isOther),
	},
	{
		ID: Owner, Clear: "lock.owner.clear", Weight: Holds,
		Why:    "the organisation's server takes the handset back after the reset",
		Look:   "lock.owner.look",
		Needs:  "job.needs.administrator",
		Remove: map[string]message.ID{"": "lock.owner.remove"},
		Page:   handset.OpenSecurity, read: readOwner,
	},
	{
		ID: Restriction, Clear: "lock.reset.allowed", Weight: Holds,
		Why:    "the handset refuses to be reset",
		Look:   "lock.reset.look",
		Needs:  "job.needs.organisation",
		Remove: map[string]message.ID{"": "lock.reset.remove"},
		read:   readRestriction,
	},
	{
		ID: SIM, Clear: "inside.sim.absent", Weight: Matters,
		Why:    "SIM cards are not part of the repair and may not come back",
		Remove: map[string]message.ID{"": "inside.sim.remove"},
		read:   readSIM,
	},
	{
		ID: SD, Clear: "inside.sd.absent", Weight: Matters,
		Why:    "the reset leaves the card's files as they are, and it may not come back",
		Remove: map[string]message.ID{"": "inside.sd.remove"},
		read:   readSD,
	},
	{
		ID: ESIM, Clear: "inside.esim.absent", Weight: Matters,
		Why: "a profile left on the handset is lost to its owner when the board is changed; one that was erased must be ordered again",
		Remove: map[string]message.ID{
			"": "inside.esim.remove",
		},
		Page: handset.OpenESIM,
		read: readFact(func(id handset.Identity) handset.Fact { return id.ESIM }, "never used", "used", map[string]message.ID{
			Clear: "inside.esim.never-used", Set: "inside.esim.maybe",
			Unknown: "inside.esim.unknown",
		}),
	},
	{
		ID: ScreenLock, Clear: "lock.screen.off", Weight: Minor,
		Why:    "the reset removes it; until then a repairer cannot look at the fault without the PIN",
		Remove: map[string]message.ID{"": "lock.screen.remove"},
		Page:   handset.OpenSecurity, read: readScreenLock,
	},
	{
		ID: OEMUnlock, Clear: "lock.oem-unlock.off", Weight: Minor,
		Why:    "a handset whose bootloader may be unlocked is not protected against theft",
		Remove: map[string]message.ID{"": "lock.oem-unlock.remove"},
		Page:   handset.OpenDeveloper,
		read: readFact(func(id handset.Identity) handset.Fact { return id.OEMUnlock }, "0", "1", map[string]message.ID{
			Clear: "lock.oem-unlock.off", Set: "lock.oem-unlock.on", Unknown: "lock.oem-unlock.unknown",
		}),
	},
}
