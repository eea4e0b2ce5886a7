package seal

import (
	_ "embed"
	"strings"
	"text/template"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"preship/report"
	"preship/report/message"
	"preship/report/trust"
)

//go:embed VERIFY.txt.tmpl
var howtoText string

// howToVerify returns VERIFY.txt, in the language of the report: how to check the package
// without preship. Its commands are the same in every language.
func howToVerify(r *report.Report) ([]byte, error) {
	say := func(id message.ID) string {
		text, _ := message.Say(id, "id", r.ID, "signer", r.Signer, "command", checkPaper).In(r.Language)
		return text
	}
	howto, err := template.New(howName).Funcs(template.FuncMap{
		"t":    say,
		"rule": func(id message.ID) string { return strings.Repeat("=", uniseg.StringWidth(say(id))) },
		"para": func(indent int, id message.ID) string { return paragraph(say(id), indent) },
	}).Parse(howtoText)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	err = howto.Execute(&b, map[string]string{"Namespace": trust.Namespace, "PredicateType": PredicateType})
	return []byte(b.String()), err
}

// checkPaper is the command that checks the code on the pages.
const checkPaper = "preship report verify --qr TEXT"

// howtoColumns is the width of VERIFY.txt but for its commands, which are not broken.
const howtoColumns = 79

// paragraph breaks a text where Unicode lets a line end, but not inside a file name, and
// indents the lines that follow.
func paragraph(text string, indent int) string {
	lines, column, state := []string{""}, indent, -1
	for text != "" {
		var piece string
		piece, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		for text != "" && ascii(piece[len(piece)-1]) && ascii(text[0]) { // behind a "/" or a "-"
			var more string
			more, text, _, state = uniseg.FirstLineSegmentInString(text, state)
			piece += more
		}
		if column > indent && column+uniseg.StringWidth(strings.TrimRight(piece, " ")) > howtoColumns {
			lines, column = append(lines, ""), indent
		}
		lines[len(lines)-1] += piece
		column += uniseg.StringWidth(piece)
	}
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n"+strings.Repeat(" ", indent))
}

// ascii reports whether a byte is an ASCII character other than a space.
func ascii(b byte) bool { return b > ' ' && b < utf8.RuneSelf }
