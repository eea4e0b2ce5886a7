package devices

import (
	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/cmd/preship/internal/console"
	"preship/report/message"
)

// Row is a handset as `preship devices --json` prints it.
type Row struct {
	Serial  string   `json:"serial"`
	State   string   `json:"state"`
	Detail  string   `json:"detail,omitempty"` // what adb adds to the state
	Model   string   `json:"model,omitempty"`
	Product string   `json:"product,omitempty"`
	USB     string   `json:"usb,omitempty"`
	Next    string   `json:"next"`           // what to do about the state; "" when it is ready
	Then    []string `json:"then,omitempty"` // what else, when that did not help
}

// Rows returns a row for each handset, in the same order; never nil.
func Rows(infos []adb.DeviceInfo) []Row {
	rows := make([]Row, 0, len(infos))
	for _, i := range infos {
		rows = append(rows, RowOf(i))
	}
	return rows
}

// RowOf returns the row of one handset.
func RowOf(i adb.DeviceInfo) Row {
	next := advice.For(i.State)
	row := Row{i.Serial, string(i.State), i.Detail, i.Model, i.Product, i.USB, next.First.String(), nil}
	for _, then := range next.Then {
		row.Then = append(row.Then, then.String())
	}
	return row
}

// Print writes the table to standard output, and the further advice for its states to
// standard error.
func Print(c *console.Console, infos []adb.DeviceInfo) error {
	var rows [][]any
	ready := 0
	for _, i := range infos {
		next := advice.For(i.State).First
		if next.Empty() {
			ready++
		}
		rows = append(rows, []any{i.Serial, i.State.Word(), i.Model, next})
	}
	c.Table(rows)
	for _, state := range statesOf(infos) {
		for _, line := range advice.For(state).Then {
			c.Sayf("  %s", message.Join(message.Colon, state.Word(), line))
		}
	}
	if ready > 1 {
		c.Sayf("  %s", message.Say("devices.several"))
	}
	return nil
}

// statesOf returns the states in the list without repeats, in its order.
func statesOf(infos []adb.DeviceInfo) []adb.State {
	var states []adb.State
	seen := map[adb.State]bool{}
	for _, i := range infos {
		if !seen[i.State] {
			seen[i.State] = true
			states = append(states, i.State)
		}
	}
	return states
}
