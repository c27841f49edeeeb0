#include <text/phrases.hpp>

namespace resident {

namespace {

constexpr PhraseRule kRules[] = {
    // Consent with what stands.
    {SpeechAct::consent, "lgtm"},
    {SpeechAct::consent,
     "(this|it|all|everything|now|code|patch|change|changes|diff|pr|that) looks|look|looking "
     "good|great|fine|perfect|ok|okay|correct (to) (me)"},
    {SpeechAct::consent, "^ (all) good to go|merge"},
    {SpeechAct::consent, "^ ship it"},
    {SpeechAct::consent, "^ r+"},
    {SpeechAct::consent, "^ +1"},
    {SpeechAct::consent, "i approve"},
    {SpeechAct::consent, "i'm|am (quite|very) happy with this|it"},
    {SpeechAct::consent, "^ approved"},
    {SpeechAct::consent, "i'll|will merge this|it"},
    {SpeechAct::consent, "i'll|will merge when|once|tomorrow|today|soon|shortly|on|if|later|unless"},
    {SpeechAct::consent, "^ merging this|it|tomorrow|today|soon|shortly|now"},
    {SpeechAct::consent, "^ reviewed-by|acked-by"},
    {SpeechAct::take_back,
     "take|taking|withdraw|withdrawing|retract|retracting|revoke|revoking|rescind|ignore|disregard (back) my "
     "(earlier|previous|last) lgtm|approval|ack|review|+1"},
    {SpeechAct::take_back, "i|i'll|i'd take that|it|this back"},
    {SpeechAct::take_back, "not|no|nicht|pas lgtm"},
    {SpeechAct::take_back, "un-lgtm|unlgtm|un-ack|unack"},
    {SpeechAct::take_back, "^ scratch that"},
    {SpeechAct::ack, "^ (code|light|lightly|tested|untested) (review|code|tested) ack|utack|tack|re-ack|reack|crack"},
    {SpeechAct::consent_idea, "sgtm"},
    {SpeechAct::consent_idea, "sounds good|great|reasonable|sensible"},
    {SpeechAct::consent_idea,
     "concept|approach|idea|direction looks|sounds|is|seems good|great|fine|ok|okay|sane|reasonable|sensible"},
    {SpeechAct::consent_idea, "like|love the|this idea|approach|concept|direction"},
    {SpeechAct::consent_idea, "good|great|nice idea"},
    {SpeechAct::consent_idea, "concept|approach ack"},
    {SpeechAct::concept_ack, "^ (tentative|weak|strong) concept|approach ack"},
    {SpeechAct::object, "^ (strong|weak|concept|approach) nack"},
    {SpeechAct::object, "i object to"},
    {SpeechAct::object, "i'm|am (strongly) against|opposed"},
    {SpeechAct::object, "i (strongly) disagree with this|the (change|approach|idea|pr)"},
    {SpeechAct::reservation, "but"},
    {SpeechAct::reservation, "except|however|although|though|unless|modulo|otherwise"},
    {SpeechAct::reservation, "apart|aside from"},
    {SpeechAct::reservation,
     "one|some|few|couple|minor|small|just "
     "nit|nits|question|questions|remark|remarks|comment|comments|thing|things|suggestion|suggestions|issue|issues"},
    {SpeechAct::reservation, "with .. nit|nits|comment|comments"},
    {SpeechAct::reservation, "^ nit|nits"},
    // Requests.
    {SpeechAct::direct, "please|pls|plz|kindly"},
    {SpeechAct::direct, "can|could|would|will you|u"},
    {SpeechAct::direct,
     "mind "
     "rebasing|squashing|adding|changing|updating|fixing|splitting|removing|explaining|elaborating|taking|testing|"
     "looking|checking|trying|sharing"},
    {SpeechAct::direct, "i|i'd (would) suggest|prefer|recommend|propose|rather"},
    {SpeechAct::direct, "^ nit|nits"},
    {SpeechAct::asks_you,
     "do|did|have|are|were|can|could|would|will|should|don't|didn't|haven't|aren't|won't|couldn't you"},
    {SpeechAct::asks_you, "does|do|is|are|did|was|were|has|have|can|could your"},
    {SpeechAct::you, "you|your|yours|you're|you'd|you've|u"},
    {SpeechAct::open_question, "should|can|shall|could|do|are|may|must|would i|we"},
    {SpeechAct::open_question,
     "anyone|anybody|someone|somebody|everyone|everybody|others|maintainers|reviewers|folks|guys|people"},
    {SpeechAct::request, "please|pls|plz|kindly"},
    {SpeechAct::request, "can|could|would|will you|u"},
    {SpeechAct::request, "you should|must|need|could|might"},
    {SpeechAct::request, "you have|ought|may|want to"},
    {SpeechAct::request,
     "mind "
     "rebasing|squashing|adding|changing|updating|fixing|splitting|removing|explaining|elaborating|taking|testing|"
     "looking|checking|trying|sharing"},
    {SpeechAct::request, "i|i'd (would) suggest|prefer|recommend|propose|rather"},
    {SpeechAct::request, "^ nit|nits"},
    {SpeechAct::request,
     "^ "
     "consider|rename|remove|add|drop|use|fix|move|squash|split|change|replace|avoid|rebase|update|explain|clarify|"
     "address|revert|document"},
    {SpeechAct::request, "needs|need to be"},
    {SpeechAct::request, "needs|need a|an|some|more|rework|work|tests|test|squash|squashing|changes"},
    {SpeechAct::request, "should|must be|have|use|not|also|probably|only|go|say|return|check|fail|work|do"},
    {SpeechAct::request, "^ what|how about"},
    {SpeechAct::request, "^ why not"},
    {SpeechAct::request, "it|this would be nice|good|great|better|cleaner|nicer|helpful|useful"},
    {SpeechAct::request, "better|best to"},
    {SpeechAct::request, "changes requested"},
    // Rebase.
    {SpeechAct::rebase, "needs|need|needing|requires|require (a|to) (be) rebase|rebased|rebasing"},
    {SpeechAct::rebase, "please|pls (also) rebase"},
    {SpeechAct::rebase, "can|could|would you (please|also) rebase"},
    {SpeechAct::rebase, "can|could this|it be rebased"},
    {SpeechAct::rebase, "mind rebasing"},
    {SpeechAct::rebase, "^ rebase (on|onto|against|this|it|please|needed|required|necessary)"},
    {SpeechAct::rebase, "rebase needed|required|necessary"},
    {SpeechAct::rebase, "should|must|has|have (to) be rebased"},
    {SpeechAct::rebase, "has|have|are|there's (a) (some) (merge) conflict|conflicts"},
    {SpeechAct::rebase, "^ (this|it) (now) conflicts (now) with"},
    {SpeechAct::rebase, "merge conflict|conflicts"},
    // Does it go on?
    {SpeechAct::nudge, "still interested|working|planning|relevant|wanted|pursuing|active|intend|intending|plan|alive"},
    {SpeechAct::nudge, "any update|updates|news|progress|plans"},
    {SpeechAct::nudge, "what's|what|whats (is) the|current status|state|progress"},
    {SpeechAct::nudge, "status of|on|here this|here|that"},
    {SpeechAct::nudge, "status update"},
    {SpeechAct::nudge, "do|are you (still) plan|planning|intend|intending|going to"},
    {SpeechAct::nudge, "^ (gentle|friendly|kind|soft) ping|bump|reminder"},
    {SpeechAct::nudge, "is this (pr|pull|one) (request) dead|abandoned|stale|stalled"},
    {SpeechAct::nudge, "should we|this|i (be) close|closed (this|it)"},
    {SpeechAct::nudge, "going to continue|pick"},
    // Further work of the speaker's.
    {SpeechAct::announce,
     "i'll (try|also|probably|just|now|soon|then|definitely|certainly) (to) "
     "fix|address|update|push|rework|rebase|change|add|remove|split|squash|do|rewrite|revert|investigate|implement|"
     "rename|drop|move|clean|resolve|amend|look|take|get|try|work|make|put|continue|finish|write|come|include|"
     "incorporate|undraft|reopen|adjust|correct|extend|provide|send|apply|handle|refactor|replace"},
    {SpeechAct::announce,
     "i|we will (try|also|probably|just|now|soon|then|definitely|certainly) (to) "
     "fix|address|update|push|rework|rebase|change|add|remove|split|squash|do|rewrite|revert|investigate|implement|"
     "rename|drop|move|clean|resolve|amend|look|take|get|try|work|make|put|continue|finish|write|come|include|"
     "incorporate|undraft|reopen|adjust|correct|extend|provide|send|apply|handle|refactor|replace"},
    {SpeechAct::announce,
     "i'm|am going|gonna|planning (to) "
     "fix|address|update|push|rework|rebase|change|add|remove|split|squash|do|rewrite|revert|investigate|implement|"
     "rename|drop|move|clean|resolve|amend|look|take|get|try|work|make|put|continue|finish|write|come|include|"
     "incorporate|undraft|reopen|adjust|correct|extend|provide|send|apply|handle|refactor|replace"},
    {SpeechAct::announce,
     "i plan|intend to "
     "fix|address|update|push|rework|rebase|change|add|remove|split|squash|do|rewrite|revert|investigate|implement|"
     "rename|drop|move|clean|resolve|amend|look|take|get|try|work|make|put|continue|finish|write|come|include|"
     "incorporate|undraft|reopen|adjust|correct|extend|provide|send|apply|handle|refactor|replace"},
    {SpeechAct::announce, "^ working on it|this|that"},
    {SpeechAct::announce, "i'm|am (currently|already|still) working on it|this|that"},
    {SpeechAct::announce, "^ will do"},
    {SpeechAct::announce, "^ (ok) on it"},
    {SpeechAct::announce, "^ let me fix|address|update|push|rework|rebase|try|check|investigate|do"},
    {SpeechAct::announce,
     "^ will "
     "fix|address|update|push|rework|rebase|change|add|remove|split|squash|do|rewrite|revert|investigate|implement|"
     "rename|drop|move|clean|resolve|amend|look|take|get|try|work|make|put|continue|finish|write|come|include|"
     "incorporate|undraft|reopen|adjust|correct|extend|provide|send|apply|handle|refactor|replace"},
    {SpeechAct::announce,
     "^ (nice|good) (catch|point) will "
     "fix|address|update|push|rework|rebase|change|add|remove|split|squash|do|rewrite|revert|investigate|implement|"
     "rename|drop|move|clean|resolve|amend|look|take|get|try|work|make|put|continue|finish|write|come|include|"
     "incorporate|undraft|reopen|adjust|correct|extend|provide|send|apply|handle|refactor|replace"},
    {SpeechAct::announce, "^ coming soon|shortly|tomorrow"},
    {SpeechAct::announce, "give me a|some|one|few (day|days|week|weeks|time|minute|hour)"},
    // A review promised.
    {SpeechAct::promise_review,
     "i'll|will|gonna|going|plan|planning|intend|hope|want|let|try (me) (to) "
     "(try|also|probably|soon|do|have|take|finish|get) (to) (a|my) "
     "(closer|proper|quick|deeper|full|better|thorough|second|another|more|detailed|fresh|code) "
     "review|test|retest|re-review|rereview|look|reviewing|testing"},
    {SpeechAct::promise_review, "i'll|will (have|take) a|another (closer|proper|quick|deeper|better|second) look"},
    {SpeechAct::promise_review, "i'm|am reviewing|testing this|it"},
    {SpeechAct::promise_review, "on my (review|reviewing|todo|to-do) list|queue|radar|plate"},
    {SpeechAct::promise_review, "^ looking|reviewing (at|into) (this|it) now|today|tomorrow"},
    {SpeechAct::promise_review, "i|i've (have) (just) started|begun (to) reviewing|review"},
    {SpeechAct::promise_review, "i'll|will (try) (to) open|prepare a|an|the"},
    {SpeechAct::promise_review, "i'll|will follow up"},
    // Done.
    {SpeechAct::done,
     "^ (now|all|also|thanks|thank|good|great|nice|ok|sure|yes|yep|oops|right) (catch|point|you) (have|been) "
     "done|fixed|addressed|updated|pushed|rebased|squashed|added|removed|changed|reworked|reverted|applied|resolved|"
     "implemented|renamed|corrected|amended|dropped|moved|split|undrafted|force-pushed|reverted|taken"},
    {SpeechAct::done,
     "i've|have|just|now|i (have|just|also|now|already) (been) "
     "done|fixed|addressed|updated|pushed|rebased|squashed|added|removed|changed|reworked|reverted|applied|resolved|"
     "implemented|renamed|corrected|amended|dropped|moved|split|force-pushed|incorporated"},
    {SpeechAct::done, "should be fixed|addressed|resolved|done|good"},
    {SpeechAct::done, "ptal"},
    {SpeechAct::done, "ready for|to (another|re-review|review|be|final|more) (review|reviewed|reviewing)"},
    {SpeechAct::done, "ready for re-review|rereview|review|merge"},
    {SpeechAct::done, "please re-review|rereview|review (again|now)"},
    {SpeechAct::done, "please take|have another|a (new|second|fresh) look"},
    {SpeechAct::done,
     "made|addressed|incorporated|applied (the|your|all|these) (requested|suggested|review|of) (the|your) "
     "(changes|comments|feedback|suggestions|suggestion)"},
    {SpeechAct::done,
     "comments|feedback|nits|suggestions|conflicts (are|were|have) (all) (been) "
     "addressed|fixed|incorporated|applied|resolved"},
    {SpeechAct::done, "reviewers|reviews|review (are) welcome|appreciated"},
    // Not finished.
    {SpeechAct::unfinished, "wip"},
    {SpeechAct::unfinished, "work in progress"},
    {SpeechAct::unfinished, "work-in-progress"},
    {SpeechAct::unfinished, "not (yet|quite|really) ready|finished|done|complete"},
    {SpeechAct::unfinished, "isn't|aren't (yet|quite|really) ready|finished|done|complete"},
    {SpeechAct::unfinished, "still need|needs|have|has|want to"},
    {SpeechAct::unfinished, "i need|have to"},
    {SpeechAct::unfinished, "still todo|missing|unfinished"},
    {SpeechAct::unfinished, "^ todo"},
    // Not to be merged now.
    {SpeechAct::hold, "^ (please) (do) not|don't|dont|never (yet|just) merge|land|pull"},
    {SpeechAct::hold, "please (do) not|don't|dont (yet|just) merge|land|pull"},
    {SpeechAct::hold,
     "not|don't|dont|shouldn't|mustn't|cannot|can't (be) merge|merged|land|landed (this|it|yet) "
     "(yet|before|until|till|now|please)"},
    {SpeechAct::hold, "should|must|can not (be) merge|merged"},
    {SpeechAct::hold, "do-not-merge"},
    {SpeechAct::hold, "dnm"},
    {SpeechAct::hold, "on hold"},
    {SpeechAct::hold, "please|let's|i'd|to|should hold off|on|this"},
    {SpeechAct::hold, "^ hold off|this|the (merge|merging)"},
    {SpeechAct::hold, "put (this|it) on hold|ice"},
    {SpeechAct::hold, "blocked on|by|until"},
    {SpeechAct::hold, "let's|should|we'll|please wait|postpone|defer (this|it|merging) (for|until|till|with)"},
    {SpeechAct::hold, "waiting for|on .. to be|get merged|released|land"},
    {SpeechAct::hold, "let's|should|we'll|please wait|postpone|defer with this|it|that|merging"},
    {SpeechAct::hold,
     "let's|we|we'll|i|i'd|i'll|should|please|to|will (rather|only) (be) merge|land|take|merged|landed (this|it|that) "
     "(only|right|just) after|once|when .. .. "
     "release|released|releases|branching|branched|freeze|rc|holidays|vacation|out|shipped|ships|tagged"},
    {SpeechAct::hold, "not|shouldn't|mustn't|can't|cannot (go|get|be) in (yet) before|until|till"},
    {SpeechAct::hold, "^ postponing|deferring this|it|that"},
    {SpeechAct::hold, "^ holding (this|it|that) off"},
    {SpeechAct::hold, "postponed|deferred to|until|till"},
    // That taken back.
    {SpeechAct::release, "can|could|should be merged|landed (now)"},
    {SpeechAct::release, "ready to|for (be) merge|merged|merging|land"},
    {SpeechAct::release, "no longer|not|isn't|unblocked|don't (anymore|any) (blocked|wip|on) (hold)"},
    {SpeechAct::release, "unblocked"},
    {SpeechAct::release, "this|it can|could|may go in"},
    {SpeechAct::release, "good to merge|go|land"},
    {SpeechAct::release, "merge away"},
    {SpeechAct::release, "^ (this|it) (is|was) (now) rebased .. now|and"},
    {SpeechAct::release, "ready for review|re-review"},
    // Somebody else may have it.
    {SpeechAct::gives_up, "free|welcome to take (this|it|that) over"},
    {SpeechAct::gives_up, "free|welcome to pick (this|it|that) up"},
    {SpeechAct::gives_up, "free|welcome to adopt|continue|finish"},
    {SpeechAct::gives_up, "i'm|am no longer working on"},
    {SpeechAct::gives_up,
     "i|i'll|i'm (am|will) (probably|likely) not|won't|can't|cannot|unable (be) (able) (to) "
     "finish|continue|complete this|it|that|the|working|work"},
    {SpeechAct::gives_up,
     "don't|no|not|lack|haven't (longer) (have|had|got) (the|enough|any|much) time|bandwidth|capacity|energy (to) "
     "finish|continue|complete|pursue"},
    {SpeechAct::gives_up, "up for grabs|adoption"},
    // Questions taken back, answers accepted.
    {SpeechAct::withdraw, "never mind"},
    {SpeechAct::withdraw, "nevermind|nvm"},
    {SpeechAct::withdraw, "scratch that|this"},
    {SpeechAct::withdraw, "ignore (this|that|me|my|the) (above|comment|question|remark|previous|last|suggestion)"},
    {SpeechAct::withdraw, "my bad|mistake"},
    {SpeechAct::withdraw, "i misread|misunderstood|missed|overlooked"},
    {SpeechAct::withdraw, "no need|reason to"},
    {SpeechAct::withdraw, "not needed|necessary|required"},
    {SpeechAct::withdraw, "feel free to ignore|disregard"},
    {SpeechAct::withdraw, "resolved|solved"},
    {SpeechAct::withdraw, "i'll|will (just) do|fix|change|handle|address it|this|that myself"},
    {SpeechAct::accept, "makes sense"},
    {SpeechAct::accept, "fair enough|point"},
    {SpeechAct::accept, "good|great|excellent|valid|right point|call"},
    {SpeechAct::accept, "you're|you (are) (totally|absolutely) right|correct"},
    {SpeechAct::accept, "i see"},
    {SpeechAct::accept, "got it"},
    {SpeechAct::accept,
     "thanks|thank (you) (for) (the) explaining|explanation|clarifying|clarification|answering|answer"},
    {SpeechAct::accept, "i agree"},
    {SpeechAct::accept, "^ agreed|agree|ok|okay|alright|right|sure|understood"},
};

}  // namespace

std::span<const PhraseRule> phrase_rules() {
  return kRules;
}

}  // namespace resident
