package message

import "strings"

// yesNo are the plain answers to a question, in each language of the questions.
var yesNo = map[string]bool{
	"y": true, "yes": true, "s": true, "sí": true, "si": true, "是": true,
	"n": false, "no": false, "否": false,
}

// YesOrNo reads an answer that a person typed. plain is false for anything but a plain
// yes or no, such as "no sé": the caller then takes the careful choice or asks again.
func YesOrNo(answer string) (yes, plain bool) {
	yes, plain = yesNo[strings.ToLower(strings.TrimSpace(answer))]
	return yes, plain
}
