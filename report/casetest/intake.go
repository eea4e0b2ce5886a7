package casetest

import "preship/report"

// Intake is a complete form for the job of [Steps].
func Intake() report.Intake {
	return report.Intake{
		Salt:     "00112233445566778899aabbccddeeff",
		Ticket:   report.IntakeTicket{ID: "T-2041", RMA: "RMA-778", Opened: "2026-11-20"},
		Customer: report.Customer{Name: "Jordan Example", Phone: "+34 600 000 000", Email: "jordan@example.net", Address: "Calle Mayor 1, 28013 Madrid"},
		Product:  report.Product{Model: "Redmi Note 10", Colour: "grey", Storage: "128 GB", IMEIBox: "356938035643809"},
		Purchase: report.Purchase{Seller: "Mi Store", FromMaker: true, Date: "2026-03-01", Country: "es", Document: "F-1"},
		Fault:    report.Fault{Description: "the screen stays black after a call, the phone still rings", Since: "October", Tried: "restarted it, twice"},
		Handed:   report.HandedOver{SIMRemoved: true, Accessories: []string{"charger"}},
		Backup:   report.BackupAgreement{Made: "made"},
		Consent:  report.Consent{Wipe: true, By: "Jordan Example", At: "2026-11-20", Wording: "v1"},
		People:   report.People{PerformedBy: "desk1"},
	}
}
