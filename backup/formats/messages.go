package formats

import (
	"io"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"
)

// Messages holds the SMS and MMS of a handset, to be written in several forms.
type Messages struct {
	SMS, MMS, Parts []Row
	Addresses       map[string][]Row  // the senders and recipients of an MMS, by its _id
	Files           map[string]string // the file of a part by its _id, "" for a part that is not saved
	// Open opens the contents of a file of Files, which the caller closes.
	Open  func(file string) (io.ReadCloser, error)
	Names *Names         // of the people; may be nil
	Zone  *time.Location // to write times in
}

// The types of addresses of an MMS: PduHeaders of Android.
const (
	addressFrom = "137"
	addressBCC  = "129"
	addressCC   = "130"
	addressTo   = "151"
)

// ownAddress is what Android writes for the handset's own number.
const ownAddress = "insert-address-token"

// notFetched is the m_type of an MMS of which the handset has only the notice.
const notFetched = "130"

// Names finds the names of contacts by number.
type Names struct{ exact, ending map[string]string }

// sameEnding is how many digits at the end make two numbers the same, as Android compares
// them: one may have the country's code.
const sameEnding = 9

// Add enters the name of a number. The first name of a number stays.
func (n *Names) Add(number, name string) {
	d := Digits(number)
	if d == "" || name == "" {
		return
	}
	if n.exact == nil {
		n.exact, n.ending = map[string]string{}, map[string]string{}
	}
	if n.exact[d] == "" {
		n.exact[d] = name
	}
	if len(d) >= sameEnding && n.ending[d[len(d)-sameEnding:]] == "" {
		n.ending[d[len(d)-sameEnding:]] = name
	}
}

// Of returns the name of a number, "" if no contact has it.
func (n *Names) Of(number string) string {
	d := Digits(number)
	if n == nil || d == "" || strings.ContainsFunc(number, unicode.IsLetter) {
		return ""
	}
	if name := n.exact[d]; name != "" {
		return name
	}
	if len(d) < sameEnding {
		return ""
	}
	return n.ending[d[len(d)-sameEnding:]]
}

// Digits returns the digits of a telephone number.
func Digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
}

// people returns the addresses of an MMS but the handset's own, the sender first.
func (m *Messages) people(mms Row, own map[string]bool) (list []string) {
	rows := slices.Clone(m.Addresses[mms.Text("_id")])
	sort.SliceStable(rows, func(i, j int) bool { return addressOrder(rows[i]) < addressOrder(rows[j]) })
	for _, r := range rows {
		address := r.Text("address")
		if address != "" && address != ownAddress && !own[Digits(address)] && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	return list
}

func addressOrder(r Row) int {
	return slices.Index([]string{addressFrom, addressTo, addressCC, addressBCC}, r.Text("type"))
}

// sender returns who sent an MMS, "" for the handset itself.
func (m *Messages) sender(mms Row) string {
	for _, r := range m.Addresses[mms.Text("_id")] {
		if r.Text("type") == addressFrom && r.Text("address") != ownAddress {
			return r.Text("address")
		}
	}
	return ""
}

// own returns the handset's own numbers, digits only: those that received a message alone.
// Android does not give them to a computer.
func (m *Messages) own() map[string]bool {
	own := map[string]bool{}
	for _, mms := range m.MMS {
		var to []string
		for _, r := range m.Addresses[mms.Text("_id")] {
			if r.Text("type") != addressFrom {
				to = append(to, Digits(r.Text("address")))
			}
		}
		if mms.Text("msg_box") == "1" && len(to) == 1 && to[0] != "" {
			own[to[0]] = true
		}
	}
	return own
}

// RCSThreads returns the conversations, by thread_id, that went over the internet in part.
// Google Messages mirrors some messages of these into Android's list, as MMS with an ID or an
// address of its own service, and keeps the others.
func (m *Messages) RCSThreads() map[string]bool {
	threads := map[string]bool{}
	for _, mms := range m.MMS {
		rcs := strings.HasPrefix(mms.Text("tr_id"), "proto:")
		for _, r := range m.Addresses[mms.Text("_id")] {
			rcs = rcs || strings.HasSuffix(strings.ToLower(r.Text("address")), "@rcs.google.com")
		}
		if rcs {
			threads[mms.Text("thread_id")] = true
		}
	}
	return threads
}

// partsOf returns the parts of each MMS in their order, by its _id.
func (m *Messages) partsOf() map[string][]Row {
	of := map[string][]Row{}
	for _, part := range m.Parts {
		of[part.Text("mid")] = append(of[part.Text("mid")], part)
	}
	for _, parts := range of {
		sort.SliceStable(parts, func(i, j int) bool { return parts[i].number("seq") < parts[j].number("seq") })
	}
	return of
}

// PartName returns the name that the sender gave a part, "" if it has none.
func PartName(part Row) string {
	for _, column := range []string{"fn", "name", "cl"} {
		if v := part.Text(column); v != "" {
			return v
		}
	}
	return ""
}
