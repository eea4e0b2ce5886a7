package mask

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/pattern"
)

// screenID is a resource-id, a package or bounds, as the system writes them.
var screenID = pattern.New(`^[A-Za-z0-9_.:/\[\],-]{0,200}$`)

// Screen returns the answer of "uiautomator dump" with every text masked that
// keep returns false for; a nil keep masks all of them. A page may show who is signed
// in. An answer that [ParseScreen] cannot read is not kept.
func Screen(said []byte, keep func(text string) bool) []byte {
	if len(said) == 0 {
		return said
	}
	if _, err := dump.ParseScreen(said); err != nil {
		return nothingKept(handset.Line{}, said)
	}
	const end = "</hierarchy>"
	from, to := bytes.Index(said, []byte("<hierarchy")), bytes.LastIndex(said, []byte(end))
	var out bytes.Buffer
	in, enc := xml.NewDecoder(bytes.NewReader(said[from:to+len(end)])), xml.NewEncoder(&out)
	for {
		token, err := in.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err == nil {
				err = enc.EncodeToken(xml.StartElement{Name: xml.Name{Local: t.Name.Local}, Attr: maskAttributes(t.Attr, keep)})
			}
		case xml.EndElement:
			if err == nil {
				err = enc.EncodeToken(xml.EndElement{Name: xml.Name{Local: t.Name.Local}})
			}
		}
		if err != nil {
			return nothingKept(handset.Line{}, said)
		}
	}
	if err := enc.Close(); err != nil {
		return nothingKept(handset.Line{}, said)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

func maskAttributes(attrs []xml.Attr, keep func(string) bool) []xml.Attr {
	kept := make([]xml.Attr, 0, len(attrs))
	for _, a := range attrs {
		value := dump.Masked
		switch a.Name.Local {
		case "text", "content-desc":
			if a.Value == "" || keep != nil && keep(dump.Printable([]byte(a.Value), dump.MaxScreenText)) {
				value = a.Value
			}
		case "index", "rotation", "resource-id", "class", "package", "checkable", "checked", "clickable", "enabled", "focusable",
			"focused", "scrollable", "long-clickable", "password", "selected", "bounds":
			if screenID().MatchString(a.Value) {
				value = a.Value
			}
		}
		kept = append(kept, xml.Attr{Name: xml.Name{Local: a.Name.Local}, Value: value})
	}
	return kept
}
