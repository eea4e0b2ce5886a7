package handset

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
)

// screenID is a resource-id, a package or bounds, as the system writes them.
var screenID = regexp.MustCompile(`^[A-Za-z0-9_.:/\[\],-]{0,200}$`)

// MaskScreen returns the answer of "uiautomator dump" with every text masked that
// keep returns false for; a nil keep masks all of them. A page may show who is signed
// in. An answer that [ParseScreen] cannot read is not kept.
func MaskScreen(answer []byte, keep func(text string) bool) []byte {
	if len(answer) == 0 {
		return answer
	}
	if _, err := ParseScreen(answer); err != nil {
		return nothingKept(Line{}, answer)
	}
	const end = "</hierarchy>"
	from, to := bytes.Index(answer, []byte("<hierarchy")), bytes.LastIndex(answer, []byte(end))
	var out bytes.Buffer
	in, enc := xml.NewDecoder(bytes.NewReader(answer[from:to+len(end)])), xml.NewEncoder(&out)
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
			return nothingKept(Line{}, answer)
		}
	}
	if err := enc.Close(); err != nil {
		return nothingKept(Line{}, answer)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

func maskAttributes(attrs []xml.Attr, keep func(string) bool) []xml.Attr {
	kept := make([]xml.Attr, 0, len(attrs))
	for _, a := range attrs {
		value := masked
		switch a.Name.Local {
		case "text", "content-desc":
			if a.Value == "" || keep != nil && keep(Printable([]byte(a.Value), maxScreenText)) {
				value = a.Value
			}
		case "index", "rotation", "resource-id", "class", "package", "checkable", "checked", "clickable", "enabled", "focusable",
			"focused", "scrollable", "long-clickable", "password", "selected", "bounds":
			if screenID.MatchString(a.Value) {
				value = a.Value
			}
		}
		kept = append(kept, xml.Attr{Name: xml.Name{Local: a.Name.Local}, Value: value})
	}
	return kept
}
