package page

import (
	"preship/report"
	"preship/report/check"
)

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
	// mostLines is how many lines one check has where there is room.
	mostLines = 4
)

// checks lists all of them in two columns, each in as many lines as the page has
// room for.
func (s *sheet) checks(r *report.Report) {
	s.heading(s.t("page.checks"))
	s.ink(soft)
	s.paragraph(pageMargin, textWidth, 8, false, 2, s.t("page.checks.each"))
	s.ink(black)
	rows := int((pageBottom - checkStep - s.y) / checkStep)
	var blocks [][]checkLine
	for _, room := range checkRooms() {
		blocks = s.checkBlocks(r, room)
		if _, left := place(blocks, rows); left == 0 {
			break
		}
	}
	columns, left := place(blocks, rows)
	top := s.y
	for i, lines := range columns {
		for k, line := range lines {
			s.y = top + checkStep*float64(k+1)
			s.checkLine(line, pageMargin+float64(i)*(checkWidth()+checkGap))
		}
	}
	if left > 0 {
		s.y = pageBottom - 0.5
		s.write(pageMargin, s.y, 8.5, true, s.t("page.checks.more", "count", left))
	}
}

// checkRoom is how many lines a check may have.
type checkRoom struct{ pass, other int }

// checkRooms are the rooms to try, from the largest: a check that passed is the first
// to be shortened.
func checkRooms() (rooms []checkRoom) {
	for n := mostLines; n > 0; n-- {
		rooms = append(rooms, checkRoom{n, mostLines})
	}
	for n := mostLines - 1; n > 0; n-- {
		rooms = append(rooms, checkRoom{1, n})
	}
	return rooms
}

func checkWidth() float64 { return (textWidth - checkGap) / 2 }

// place puts the blocks into two columns of so many rows and says how many found
// no room. A step's name does not stand at the foot of a column by itself.
func place(blocks [][]checkLine, rows int) (columns [2][]checkLine, left int) {
	at := 0
	for _, block := range blocks {
		need := len(block)
		if block[0].heading {
			need++
		}
		if len(columns[at])+need > rows && at == 0 {
			at = 1
		}
		switch {
		case len(columns[at])+need <= rows:
			columns[at] = append(columns[at], block...)
		case !block[0].heading:
			left++
		}
	}
	return columns, left
}

// checkBlocks are the lines of each step's name and of each check. A check that passed
// and whose text is too long is named by its title.
func (s *sheet) checkBlocks(r *report.Report, room checkRoom) (blocks [][]checkLine) {
	for _, r := range r.Steps {
		blocks = append(blocks, []checkLine{{text: s.lang.name(report.StepTitle(r.Name)) + " · " + s.lang.say(r.State.Word()), heading: true}})
		for _, f := range r.Findings {
			status := f.Status.OrUnknown()
			var block []checkLine
			most := room.other
			if status == report.StatusPass {
				most = room.pass
			}
			texts := s.lines(s.checkText(f), checkPoints, checkWidth()-checkWord, most+1)
			if row, known := check.ByID(f.ID); len(texts) > most && known && status == report.StatusPass {
				texts = s.lines(s.t(row.Title)+s.method(f), checkPoints, checkWidth()-checkWord, most)
			} else if len(texts) > most {
				texts = s.lines(s.checkText(f), checkPoints, checkWidth()-checkWord, most)
			}
			for i, text := range texts {
				line := checkLine{text: text, status: status}
				if i == 0 {
					line.word = first(s.lines(statusLook[status].mark+" "+s.lang.say(status.Word()), checkPoints, checkWord, 1))
				}
				block = append(block, line)
			}
			blocks = append(blocks, block)
		}
	}
	return blocks
}

// checkText is the sentence of a finding, after its ID unless it passed.
func (s *sheet) checkText(f report.Finding) string {
	text, title := s.lang.told(f).Text, s.lang.checkTitle(f)
	switch {
	case title != "" && f.Status == report.StatusPass:
		text = title
	case title != "":
		text = title + " — " + text
	}
	if f.Status.OrUnknown() != report.StatusPass {
		text = f.ID + ": " + text
	}
	return text + s.method(f)
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
