package page

import "preship/report"

// checkLine is a line of the list of checks: the name of a step, or the beginning
// or another line of a check.
type checkLine struct {
	word, text string
	status     report.Status
	heading    bool
}

const (
	checkGap    = 5.0  // between the columns
	checkStep   = 4.1  // from line to line
	checkPoints = 8.0  // of the text
	checkWord   = 20.0 // for the answer, left of the text
	// mostLines is how many lines one check has: what report.html shows of its text.
	mostLines = 16
	// maxPDFPages ends the list of checks, whatever a report holds.
	maxPDFPages = 12
)

// checks lists all of them in two columns, over as many pages as it takes.
func (f *flow) checks(r *report.Report) {
	f.need(40)
	f.heading(f.t("page.checks"))
	f.ink(soft)
	f.text(8, false, f.t("page.checks.each"))
	f.ink(black)
	blocks := f.checkBlocks(r)
	for {
		columns, rest := place(blocks, int((flowBottom-checkStep-f.y)/checkStep))
		top := f.y
		for i, lines := range columns {
			for k, line := range lines {
				f.y = top + checkStep*float64(k+1)
				f.checkLine(line, pageMargin+float64(i)*(checkWidth()+checkGap))
			}
		}
		f.y = top + checkStep*float64(max(len(columns[0]), len(columns[1])))
		if len(rest) == 0 {
			return
		}
		if f.pdf.PageCount() == maxPDFPages {
			left := 0
			for _, block := range rest {
				if !block[0].heading {
					left++
				}
			}
			f.y = flowBottom
			f.write(pageMargin, f.y, 8.5, true, f.t("page.checks.more", "count", left))
			return
		}
		blocks = rest
		f.turn()
	}
}

func checkWidth() float64 { return (textWidth - checkGap) / 2 }

// place puts as many blocks as fit into two columns of so many rows, and returns the rest.
// Where all fit, the columns are about equally long. A step's name does not stand at the
// foot of a column by itself.
func place(blocks [][]checkLine, rows int) (columns [2][]checkLine, rest [][]checkLine) {
	total := 0
	for _, block := range blocks {
		total += len(block)
	}
	if total <= 2*rows {
		for even := (total + 1) / 2; even < rows; even++ {
			if columns, rest = fill(blocks, even); len(rest) == 0 {
				return columns, nil
			}
		}
	}
	return fill(blocks, rows)
}

func fill(blocks [][]checkLine, rows int) (columns [2][]checkLine, rest [][]checkLine) {
	at := 0
	for i, block := range blocks {
		need := len(block)
		if block[0].heading && i+1 < len(blocks) {
			need += len(blocks[i+1])
		}
		if len(columns[at])+need > rows {
			if at++; at == 2 || need > rows {
				return columns, blocks[i:]
			}
		}
		columns[at] = append(columns[at], block...)
	}
	return columns, nil
}

// checkBlocks are the lines of each step's name and of each check.
func (s *sheet) checkBlocks(r *report.Report) (blocks [][]checkLine) {
	for _, step := range s.lang.stepRows(r, saidAbove(r.DistinctReasons(), r.ToMind())) {
		blocks = append(blocks, []checkLine{{text: s.lang.name(report.StepTitle(step.Name)) + " · " + s.lang.say(step.State.Word()), heading: true}})
		for _, row := range step.Rows {
			status := row.Status.OrUnknown()
			var block []checkLine
			for i, text := range s.lines(s.checkText(row), checkPoints, checkWidth()-checkWord, mostLines) {
				line := checkLine{text: text, status: status}
				if i == 0 {
					line.word = first(s.lines(statusLook[status].mark+" "+s.lang.say(status.Word()), checkPoints, checkWord, 1))
				}
				block = append(block, line)
			}
			if len(block) > 0 {
				blocks = append(blocks, block)
			}
		}
	}
	return blocks
}

// checkText is the sentence of a check. One that did not pass names its ID, so that it is
// found in report.html.
func (s *sheet) checkText(row checkRow) string {
	text := clipSentence(row.Text.Text)
	switch {
	case row.Title != "" && row.Status == report.StatusPass:
		text = row.Title
	case row.Title != "":
		text = row.Title + " — " + text
	}
	if row.Status.OrUnknown() != report.StatusPass {
		text += " [" + row.ID + "]"
	}
	return text + s.method(row.Finding)
}

// method says how a finding came about if the handset itself did not answer.
func (s *sheet) method(f report.Finding) string {
	switch f.Method {
	case report.MethodAttested:
		return " " + s.t("page.method.attested")
	case report.MethodInferred:
		return " " + s.t("page.method.inferred")
	}
	return ""
}

func (s *sheet) checkLine(line checkLine, x float64) {
	if line.heading {
		s.write(x, s.y, 8.5, true, line.text)
		return
	}
	s.ink(statusInk[line.status])
	s.write(x, s.y, checkPoints, true, line.word)
	s.ink(black)
	s.write(x+checkWord, s.y, checkPoints, false, line.text)
}
