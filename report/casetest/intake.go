package casetest

import (
	"preship/report/intake"
)

// Intake is a complete form for the job of [Steps].
func Intake() intake.Form {
	return intake.Form{
		Salt:     "00112233445566778899aabbccddeeff",
		Ticket:   intake.Ticket{ID: "T-2041", RMA: "RMA-778", Opened: "2026-11-20"},
		Customer: intake.Customer{Name: "Jordan Example", Phone: "+34 600 000 000", Email: "jordan@example.net", Address: "Calle Mayor 1, 28013 Madrid"},
		Product:  intake.Product{Model: "Redmi Note 10", Colour: "grey", Storage: "128 GB", IMEIBox: "356938035643809"},
		Purchase: intake.Purchase{Seller: "Mi Store", FromMaker: true, Date: "2026-03-01", Country: "es", Document: "F-1"},
		Fault:    intake.Fault{Description: "the screen stays black after a call, the phone still rings", Since: "October", Tried: "restarted it, twice"},
		Handed:   intake.HandedOver{SIMRemoved: true, Accessories: []string{"charger"}},
		Backup:   intake.BackupAgreement{Made: "made"},
		Consent:  intake.Consent{Wipe: true, By: "Jordan Example", At: "2026-11-20", Wording: "v1"},
		People:   intake.People{PerformedBy: "desk1"},
	}
}
