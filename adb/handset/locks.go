package handset

// IDs of the locks, as findings name them.
const (
	LockRepairMode    = "lock.repair-mode.off"
	LockSystem        = "identity.system"
	LockMiAccount     = "account.mi.signed-out"
	LockGoogleAccount = "account.google.signed-out"
	LockOtherAccounts = "account.others"
	LockFindDevice    = "lock.find-device.off"
	LockDebt          = "lock.debt.none"
	LockFRP           = "lock.frp.clear"
	LockOwner         = "lock.owner.none"
	LockRestriction   = "lock.reset.allowed"
	LockWorkProfile   = "lock.work-profile.none"
	LockSecondSpace   = "lock.second-space.none"
	LockSIM           = "inside.sim.none"
	LockSD            = "inside.sd.none"
	LockESIM          = "inside.esim.none"
	LockScreenLock    = "lock.screen.off"
	LockOEMUnlock     = "lock.oem-unlock.off"
)

const googleType = "com.google"

func isMi(s State, kind string) bool {
	for _, mine := range s.vendor().MiAccountTypes {
		if kind == mine {
			return true
		}
	}
	return false
}

// leaveXiaomi: that the mode is left with the screen lock's password is from a
// public guide; where the entry stands differs by version, and was not tried.
const leaveXiaomi = "Leave repair mode (some versions: maintenance mode): search Settings, or restart the handset, choose to leave it and enter the screen lock's password. Menus differ by version; untried. If another space is on the screen, switch to the owner's. Then run the same command again."

// Locks is the table of locks, in the order their owner should look at them:
// what needs the accounts still signed in comes before signing out.
var Locks = []*Lock{
	{
		ID: LockRepairMode, Title: "Repair mode", Clear: "repair mode is off", Weight: Holds, Firm: true,
		Why: "in repair mode the handset shows a temporary, nearly empty system: a backup would save that and not the owner's data, and a reset would erase what was never saved",
		Remove: map[string]string{
			"MIUI":    leaveXiaomi,
			"HyperOS": leaveXiaomi,
			"":        "Leave repair mode on the handset: tap its notification, or open Settings, System, Repair mode, then Exit, and enter the screen lock. The handset restarts. If another user is on the screen, switch to the owner. Then run the same command again.",
		},
		Look:      "Look at the handset: Settings must say that repair mode (also called maintenance mode) is off, and the owner's own photos and apps must be there.",
		NotProved: "that a maker's own maintenance mode is off, where it shows no other user to a computer",
		read:      readRepairMode,
	},
	{
		ID: LockSystem, Title: "The maker's own system", Clear: "the handset runs its maker's own system", Weight: Holds,
		Why:       "a service centre puts the maker's system back, which erases everything, or refuses the handset; and what another system says of bootloader, root and region proves nothing",
		Look:      "Settings, About phone: the system must be the one this handset was sold with, or an update of it by its maker. No other system may have been installed since.",
		Needs:     "a service centre that puts the maker's system back",
		NotProved: "that the system is unmodified: one that gives the maker's answers throughout, or hides its changes, is not detected",
		Remove: map[string]string{
			"": "Ask the service centre before posting it: most put the maker's own system back, which erases everything, or refuse the handset. Or, after a backup, put the maker's system for this model back yourself; locking the bootloader over another system can make the handset unusable.",
		},
		read: readSystem,
	},
	{
		ID: LockSecondSpace, Title: "Second space", Clear: "there is no second space and no other user", Weight: Matters,
		Why: "its files, messages and accounts are in no backup made from the first space, and the reset erases them",
		Remove: map[string]string{
			"MIUI":    "Open the second space, save what is in it, sign its accounts out, then delete it: search Settings for Second space, then Delete.",
			"HyperOS": "Open the second space, save what is in it, sign its accounts out, then delete it: search Settings for Second space, then Delete.",
			"":        "Switch to the other user, save what is there, sign its accounts out, then delete it: Settings, System, Multiple users.",
		},
		Page: OpenSettings, read: readUsers("second space", "another user", UserSecondSpace, UserSecondary),
	},
	{
		ID: LockWorkProfile, Title: "Work profile", Clear: "there is no work profile", Weight: Matters,
		Why:    "it belongs to an organisation, which may have to release the handset",
		Remove: map[string]string{"": "Settings, Accounts, Work, Remove work profile. Ask the organisation first if its data is still needed."},
		Page:   OpenAccounts, read: readUsers("work profile", "work profile", UserWorkProfile),
	},
	{
		ID: LockMiAccount, Title: "Mi account", Clear: "no Mi account is signed in", Weight: Holds, Vendors: []string{"Xiaomi", "Unknown"},
		Why: "a handset bound to an account asks for its password after the reset, and a service centre may refuse it",
		Remove: map[string]string{
			"MIUI":    "Settings, Mi Account at the top, Sign out at the bottom; enter the account's password. The handset must be online. Save contacts and messages first: signing out can switch off USB debugging (Security settings), which that needs.",
			"HyperOS": "Settings, Xiaomi Account at the top, Sign out at the bottom; enter the account's password. The handset must be online. Save contacts and messages first: signing out can switch off USB debugging (Security settings), which that needs.",
			"":        "Settings, the maker's account at the top, Sign out; enter the account's password. The handset must be online.",
		},
		Look: "Settings, the account at the top: it must ask you to sign in. Look in the second space too, if there is one.",
		Page: OpenMiAccount, read: readAccounts("Mi account", "Mi accounts", isMi),
	},
	{
		ID: LockFindDevice, Title: "Find Device", Clear: "Find Device is off", Weight: Holds, Vendors: []string{"Xiaomi", "Unknown"},
		Why: "it keeps the handset locked to its owner's account through any reset",
		Remove: map[string]string{
			"MIUI":    "Signing out switches it off. Otherwise: Settings, Mi Account, Xiaomi Cloud, Find device, off; enter the account's password. The handset must be online.",
			"HyperOS": "Signing out switches it off. Otherwise: Settings, Xiaomi Account, Xiaomi Cloud, Find device, off; enter the account's password. The handset must be online.",
			"":        "Signing out switches it off. Otherwise: switch Find device off in the maker's account page; enter the account's password. The handset must be online.",
		},
		Look: "Settings, the account at the top, Xiaomi Cloud, Find device: it must be off. With no account signed in, it is.",
		Page: OpenMiAccount, read: readProvider(FindDevice, "isLastStatusOpen", findDeviceUntold, judgeFindDevice),
	},
	{
		ID: LockDebt, Title: "Lender's lock", Clear: "no lender has locked this handset", Weight: Holds, Vendors: []string{"Xiaomi", "Unknown"},
		Why:  "only the lender can lift it; no account of the owner's does",
		Look: "Only a handset bought on credit can have this lock, and its screen then shows the lender's notice: look that there is none.", Needs: "the lender",
		Remove: map[string]string{"": "Pay what is owed, or ask the lender who financed the handset to release it."},
		read:   readProvider(FindDeviceSession, "lastSessionUserId", debtUntold, judgeDebt),
	},
	{
		ID: LockGoogleAccount, Title: "Google account", Clear: "no Google account is signed in", Weight: Holds,
		Why: "after a reset from outside Settings the handset asks for it (factory reset protection)",
		Remove: map[string]string{
			"MIUI":    "Settings, Accounts & sync, Google, the account, More, Remove account. Repeat for every account.",
			"HyperOS": "Settings, Accounts & sync, Google, the account, More, Remove account. Repeat for every account.",
			"":        "Settings, Passwords & accounts, the account, Remove account. Repeat for every account.",
		},
		Look: "Settings, Accounts & sync: no Google account may be listed, for any user of the handset.",
		Page: OpenAccounts, read: readAccounts("Google account", "Google accounts", func(_ State, kind string) bool { return kind == googleType }),
	},
	{
		ID: LockFRP, Title: "Factory reset protection", Clear: "no Google account is left that the handset could ask for after the reset", Weight: Holds,
		Why:    "a handset that asks for an account nobody at the service centre has cannot be tested",
		Remove: map[string]string{"": "Removing every Google account clears it; nothing else has to be done."},
		Look:   "Settings, Accounts & sync: no Google account may be listed, for any user of the handset.",
		Page:   OpenAccounts, read: readFRP,
	},
	{
		ID: LockOtherAccounts, Title: "Other accounts", Clear: "no account of another app is signed in", Weight: Told,
		Why:    "apps' own accounts; the reset erases them, but some messengers keep their chats only on the handset",
		Remove: map[string]string{"": "Nothing has to be done. Save the chats of messengers inside the app first."},
		Page:   OpenAccounts, read: readAccounts("account of another app", "accounts of other apps", func(s State, kind string) bool { return kind != googleType && !isMi(s, kind) }),
	},
	{
		ID: LockOwner, Title: "Device owner or management", Clear: "no organisation manages this handset", Weight: Holds,
		Why:    "the organisation's server takes the handset back after the reset",
		Look:   "Settings, Passwords & security, Privacy, Device admin apps: nothing of an employer's or school's may be listed.",
		Needs:  "the organisation's administrator",
		Remove: map[string]string{"": "Ask the organisation's administrator to release the handset from management; the owner's settings cannot."},
		Page:   OpenSecurity, read: readOwner,
	},
	{
		ID: LockRestriction, Title: "Reset forbidden", Clear: "a factory reset is allowed", Weight: Holds,
		Why:    "the handset refuses to be reset",
		Look:   "Settings, About phone, Factory reset: the page must open.",
		Needs:  "the organisation that manages the handset",
		Remove: map[string]string{"": "Ask the organisation that manages the handset to allow the reset, or to make it itself."},
		read:   readRestriction,
	},
	{
		ID: LockSIM, Title: "SIM card inside", Clear: "no SIM card is in the handset", Weight: Matters,
		Why:    "SIM cards are not part of the repair and may not come back",
		Remove: map[string]string{"": "Take the SIM cards out. Leave the tray in."},
		read:   readSIM,
	},
	{
		ID: LockSD, Title: "SD card inside", Clear: "no SD card is in the handset", Weight: Matters,
		Why:    "the reset leaves the card's files as they are, and it may not come back",
		Remove: map[string]string{"": "Settings, Storage, Eject, then take the card out. A card that is part of the internal storage has to be formatted as portable first."},
		read:   readSD,
	},
	{
		ID: LockESIM, Title: "eSIM profile", Clear: "no eSIM is on the handset", Weight: Matters,
		Why: "a profile left on the handset is lost to its owner when the board is changed; one that was erased must be ordered again",
		Remove: map[string]string{
			"": "Ask the mobile operator how to move the profile to another handset before erasing it: Settings, SIM cards & mobile networks, the profile.",
		},
		Page: OpenESIM,
		read: readFact(func(id Identity) Fact { return id.ESIM }, "never used", "used", map[string]string{
			LockClear: "no eSIM was ever used", LockSet: "an eSIM was used on this handset and may still be on it",
			LockUnknown: "the handset does not tell whether an eSIM is on it",
		}),
	},
	{
		ID: LockScreenLock, Title: "Screen lock", Clear: "no screen lock is set", Weight: Told,
		Why:    "the reset removes it; until then a repairer cannot look at the fault without the PIN",
		Remove: map[string]string{"": "Nothing has to be done before a reset. Never write the PIN on the form."},
		Page:   OpenSecurity, read: readScreenLock,
	},
	{
		ID: LockOEMUnlock, Title: "OEM unlocking allowed", Clear: "OEM unlocking is off", Weight: Told,
		Why:    "a handset whose bootloader may be unlocked is not protected against theft",
		Remove: map[string]string{"": "Settings, Additional settings, Developer options, OEM unlocking, off. The reset switches it off too."},
		Page:   OpenDeveloper,
		read: readFact(func(id Identity) Fact { return id.OEMUnlock }, "0", "1", map[string]string{
			LockClear: "OEM unlocking is off", LockSet: "OEM unlocking is on", LockUnknown: "the handset does not tell whether OEM unlocking is on",
		}),
	},
}
