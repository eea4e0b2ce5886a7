// Package interview asks a person the intake form of a case, one question at a time.
//
// [Run] asks at most ten questions, up to a claim that can be sent, and then the groups that
// the person chooses. Each answer is checked and on disk before the next question, so that
// an interrupted interview resumes there. What the handset answers itself is not asked.
// [Mend] asks again for the answers that contradict the handset. [Consent] asks the owner
// whether the handset may be erased.
//
// It knows neither terminal nor job: an [Asker] shows questions and returns answers.
package interview
