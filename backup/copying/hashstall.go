package copying

import (
	"bytes"
	"context"
	"slices"

	"preship/report/message"
)

// maxHashStalls is how often sha256sum may fall silent at a file. With the silence of an
// answer in one piece before, which does not show the file, they are a minute.
const maxHashStalls = 2

// hashRest continues after sha256sum fell silent in a batch. The file behind the last line
// is asked for again after all others, and given up after [maxHashStalls]; the rest of the
// batch is asked for at once. If no line shows the file, each one is asked for alone.
func (r *round) hashRest(ctx context.Context, batch []uint32, names [][]byte, stdout []byte) error {
	whole := stdout[:bytes.LastIndexByte(stdout, '\n')+1]
	if len(batch) == 1 {
		whole = nil // its name may have a newline
	}
	rest, err := r.hashed(batch, names, whole)
	if err != nil || len(rest) == len(batch) && len(batch) > 1 {
		r.hashes.later(batch...)
		return nil
	}
	at := 0 // of the file behind the last one that has a line
	for k, i := range batch {
		if !slices.Contains(rest, i) {
			at = k + 1
		}
	}
	if at < len(batch) {
		r.silentAt(batch[at])
		rest = slices.DeleteFunc(rest, func(i uint32) bool { return i == batch[at] })
	}
	if len(rest) == 0 {
		return nil
	}
	return r.hashLines(ctx, rest)
}

// silentAt counts a silence of sha256sum at a file.
func (r *round) silentAt(i uint32) {
	r.mu.Lock()
	r.hashStalls[i]++
	n := r.hashStalls[i]
	r.mu.Unlock()
	if n < maxHashStalls {
		r.hashes.later(i)
		return
	}
	r.Plan.NoSum(i, message.Join(message.Colon, message.Say("backup.why.no-sum"), message.Say("backup.why.stalled", "count", n)), false)
}

// later adds files that are asked for alone, after all others.
func (q *hashQueue) later(files ...uint32) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.last = append(q.last, files...)
}
