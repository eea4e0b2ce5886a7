package interview

import (
	"context"
	"slices"
	"strconv"

	"preship/report"
	"preship/report/check"
	"preship/report/intake"
	"preship/report/message"
)

// optional are the groups that a person can choose, in the order of their numbers.
var optional = []struct {
	group intake.Group
	title message.ID
}{
	{intake.AboutTicket, "form.group.ticket"},
	{intake.AboutFault, "form.group.fault"},
	{intake.AboutPapers, "form.group.papers"},
	{intake.AboutParcel, "form.group.parcel"},
	{intake.AboutPeople, "form.group.people"},
}

// Groups returns the titles of the groups that a person can choose, in the order of their
// numbers, which begin at 1.
func Groups() (titles []message.Sentence) {
	for _, row := range optional {
		titles = append(titles, message.Say(row.title))
	}
	return titles
}

// groups asks which groups the person wants to answer, and those. It reports whether there
// were any.
func (iv *interview) groups(ctx context.Context) (any bool, err error) {
	var titles []message.Sentence
	for i, title := range Groups() {
		titles = append(titles, message.Say("form.group", "number", strconv.Itoa(i+1), "title", title))
	}
	iv.asker.Say(message.Say("form.more", "groups", message.Join(message.Comma, titles...)))
	for {
		answer, err := iv.asker.Ask(ctx, message.Say("form.more.ask"))
		if err != nil || answer == "" {
			return any, err
		}
		n, err := strconv.Atoi(answer)
		if err != nil || n < 1 || n > len(optional) {
			if no, plain := message.YesOrNo(answer); plain && !no {
				return any, nil
			}
			iv.asker.Say(message.Say("form.more.wrong", "last", strconv.Itoa(len(optional))))
			continue
		}
		any = true
		if err := iv.ask(ctx, iv.inGroup(optional[n-1].group), 0); err != nil {
			return any, err
		}
	}
}

func (iv *interview) inGroup(g intake.Group) (all []question) {
	for _, f := range intake.Fields {
		if f.Group == g && !iv.seen(f.Name) {
			all = append(all, iv.of(f))
		}
	}
	return all
}

// seenBy are the questions that a check of the handset answers.
var seenBy = map[string]string{
	"handed_over.sim_removed": check.InsideSIMNone,
	"handed_over.sd_removed":  check.InsideSDNone,
}

// seen reports whether the handset itself answered a question.
func (iv *interview) seen(field string) bool {
	id := seenBy[field]
	f, ok := iv.kept.Step(report.StepAccounts).Findings.ByID(id)
	return ok && id != "" && slices.Contains([]report.Status{report.StatusPass, report.StatusSkipped}, f.Status)
}
