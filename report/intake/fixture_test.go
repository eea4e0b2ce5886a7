package intake

import "time"

func sampleIntake() Form {
	return Form{
		Salt:     "00112233445566778899aabbccddeeff",
		Ticket:   Ticket{ID: "T-2041", RMA: "RMA-778", Opened: "2026-11-20"},
		Customer: Customer{Name: "Jordan Example", Phone: "+34 600 000 000", Email: "jordan@example.net", Address: "Calle Mayor 1, 28013 Madrid"},
		Product:  Product{Model: "Redmi Note 10", Colour: "grey", Storage: "128 GB", IMEIBox: "356938035643809"},
		Purchase: Purchase{Seller: "Mi Store", FromMaker: true, Date: "2026-03-01", Country: "es", Document: "F-1"},
		Fault:    Fault{Description: "the screen stays black after a call, the phone still rings", Since: "October", Tried: "restarted it, twice"},
		Handed:   HandedOver{SIMRemoved: true, Accessories: []string{"charger"}},
		Backup:   BackupAgreement{Made: "made"},
		Consent:  Consent{Wipe: true, By: "Jordan Example", At: "2026-11-20", Wording: "v1"},
		People:   People{PerformedBy: "desk1"},
	}
}

// formTime is when the form is checked.
var formTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)
