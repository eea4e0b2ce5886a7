package intake

import (
	"strings"

	"preship/report"
	"preship/report/message"
)

// Schema names the version of intake.json.
const Schema = "urn:preship:intake:v1"

// ErrIncomplete: the form is not filled in as it must be; see [Error].
var ErrIncomplete = message.Error(message.Say("error.form-incomplete"), nil)

// Error names each field that is wrong or missing.
type Error struct{ Problems []Problem }

// Problem is one field and what to do about it.
type Problem struct {
	Field string
	What  message.Sentence
}

func (e *Error) Error() string {
	var parts []string
	for _, p := range e.Problems {
		parts = append(parts, p.Field+": "+p.What.String())
	}
	return ErrIncomplete.Error() + ": " + strings.Join(parts, "; ")
}

// Is makes every Error an [ErrIncomplete].
func (e *Error) Is(target error) bool { return target == ErrIncomplete }

// Form is intake.json: the owner of the handset and its fault. It is
// personal, and may be deleted later without breaking the seal: the salt keeps
// anybody from guessing its content from the digest that stays. It has no field
// for a passcode, and never will.
type Form struct {
	Schema    string          `json:"schema"`
	Salt      string          `json:"salt"` // 128 random bits, made by preship
	Ticket    Ticket          `json:"ticket"`
	Customer  Customer        `json:"customer"`
	Product   Product         `json:"product"`
	Purchase  Purchase        `json:"purchase"`
	Fault     Fault           `json:"fault"`
	Condition Condition       `json:"condition"`
	Handed    HandedOver      `json:"handed_over"`
	Backup    BackupAgreement `json:"backup"`
	Consent   Consent         `json:"consent"`
	People    People          `json:"people"`
	Estimate  Estimate        `json:"estimate"`
}

// Ticket is the job at the desk or with the maker.
type Ticket struct {
	ID           string `json:"id"`
	RMA          string `json:"rma"`     // the maker's or seller's number, for the outside of the box
	Channel      string `json:"channel"` // authorised centre, seller, insurer
	Opened       string `json:"opened"`  // YYYY-MM-DD
	ShipBy       string `json:"ship_by"` // YYYY-MM-DD
	ShipBySource string `json:"ship_by_source"`
	Carrier      string `json:"carrier"`
	Tracking     string `json:"tracking"`
}

// Customer is the owner, or who brings the handset for them.
type Customer struct {
	Name           string `json:"name"`
	Phone          string `json:"phone"`
	Email          string `json:"email"`
	Address        string `json:"address"` // where the handset is sent back to
	InvoiceAddress string `json:"invoice_address"`
	Language       string `json:"language"` // en, es or zh: of the claim
	Business       bool   `json:"business"`
}

// Product is what box and papers say; what the handset says is in the report.
type Product struct {
	Model       string `json:"model"`
	Colour      string `json:"colour"`
	Storage     string `json:"storage"`
	IMEIBox     string `json:"imei_box"` // one number, or both with a comma between
	IMEISticker string `json:"imei_sticker,omitempty"`
	IMEIReceipt string `json:"imei_receipt"`
	SNBox       string `json:"sn_box,omitempty"` // the serial number printed on the box
}

// Purchase decides who is asked first.
type Purchase struct {
	Seller     string `json:"seller"`
	FromMaker  bool   `json:"from_maker"` // bought in the maker's own shop, online or not
	Date       string `json:"date"`       // YYYY-MM-DD
	Country    string `json:"country"`    // ISO 3166, two letters
	Document   string `json:"document"`   // invoice number
	Extended   bool   `json:"extended"`   // an insurance or an extended warranty exists
	RepairedBy string `json:"repaired_by"`
}

// Fault is what a repairer reads first.
type Fault struct {
	Description  string `json:"description"`
	Since        string `json:"since"`
	Reproducible string `json:"reproducible"`
	DropOrLiquid string `json:"drop_or_liquid"`
	Tried        string `json:"tried"`
}

// Condition is how the handset looks on leaving. Zones are front, back, frame,
// camera, ports, …; tests are components, with pass, fail or not tested.
type Condition struct {
	Zones    map[string]string `json:"zones"`
	Tests    map[string]string `json:"tests"`
	PowersOn string            `json:"powers_on"` // yes, no or not tried
	Photos   []report.Photo    `json:"photos"`    // made by [Case.AddPhoto]
}

// HandedOver is what goes into the box and what must not.
type HandedOver struct {
	SIMRemoved  bool     `json:"sim_removed"`
	SDRemoved   bool     `json:"sd_removed"`
	CaseRemoved bool     `json:"case_removed"`
	Accessories []string `json:"accessories"`
}

// BackupAgreement is the agreement about the owner's data.
type BackupAgreement struct {
	Made     string `json:"made"` // made, declined or not-possible
	Where    string `json:"where"`
	HandedTo string `json:"handed_to"`
	DeleteBy string `json:"delete_by"` // YYYY-MM-DD
}

// Consent is the owner's to the wipe.
type Consent struct {
	Wipe    bool   `json:"wipe"`
	By      string `json:"by"`
	At      string `json:"at"`      // YYYY-MM-DD, or the time of the answer
	Wording string `json:"wording"` // the words that were agreed to
}

// People are those who did the work.
type People struct {
	PerformedBy string `json:"performed_by"`
	CheckedBy   string `json:"checked_by"`
	ReceivedBy  string `json:"received_by"`
}

// Estimate is the European Repair Information Form, where it was offered.
type Estimate struct {
	Offered    bool   `json:"offered"`
	Price      string `json:"price"`
	Time       string `json:"time"`
	Loaner     string `json:"loaner"`
	ValidUntil string `json:"valid_until"` // YYYY-MM-DD
}

// shipDays is the usual time to post after an RMA number was given. There is no
// general rule: sellers ask for ten days to thirty.
const shipDays = 30
