package symptom

import (
	"preship/report"
	"preship/report/message"
)

// Tests are the IDs of what a person can try by hand, in an order that needs the fewest
// changes of place. The maker's own test menu, CIT, has an item for each.
var Tests = []string{
	"colours", "touch", "buttons", "vibration", "speaker", "earpiece", "microphone", "camera-back", "camera-front",
	"fingerprint", "proximity", "sim", "wifi", "other-cable",
}

// MenuCode is dialled to open the test menu of MIUI and HyperOS.
const MenuCode = "*#*#6484#*#*"

// TestTitle returns the name of a test.
func TestTitle(id string) message.Sentence { return titled(testTitles, id) }

// TestHow returns what to do for a test, and what a good handset shows.
func TestHow(id string) message.Sentence { return titled(testHow, id) }

// Results are the words of a [report.FaultTest].
var Results = []string{report.TestPass, report.TestFail, report.TestNotDone}

// resultTitle returns a result in words.
func resultTitle(result string) message.Sentence { return titled(resultTitles, result) }
