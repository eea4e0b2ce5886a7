package seal

import (
	"fmt"
	"regexp"
	"strconv"

	"preship/report/casedir"
)

// countersignName is the file of the first receipt.
const countersignName = "countersign.sigstore.json"

// maxReceipts is more than a handset changes hands on its way.
const maxReceipts = 20

// receiptName returns the file of a receipt; the first has number 0.
func receiptName(n int) string {
	if n == 0 {
		return countersignName
	}
	return fmt.Sprintf("countersign-%d.sigstore.json", n+1)
}

var furtherReceipt = regexp.MustCompile(`^countersign-([1-9][0-9]?)\.sigstore\.json$`)

// receiptNumber is the reverse of receiptName.
func receiptNumber(name string) (n int, ok bool) {
	if name == countersignName {
		return 0, true
	}
	m := furtherReceipt.FindStringSubmatch(name)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n - 1, err == nil && n > 1 && n <= maxReceipts
}

// coveredBy names the subjects of a receipt: the report, the list that fixes every other
// file, and the receipts before.
func coveredBy(n int) []string {
	names := []string{casedir.ReportName, sumsName}
	for before := range n {
		names = append(names, receiptName(before))
	}
	return names
}
