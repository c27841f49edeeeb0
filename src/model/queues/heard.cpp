#include <algorithm>
#include <array>
#include <base/spoken.hpp>
#include <base/text.hpp>
#include <model/queues/heard.hpp>
#include <text/commands.hpp>

namespace resident {

namespace {

constexpr std::size_t kFewSentences = 3;

// "@ada ping", "gentle ping @ada :)", "@ada friendly reminder": names and a word that wakes, and nothing else.
bool pings(std::string_view lower) {
  static const Pattern kPing(
      R"(^(?:[^\w@]*(?:@[\w./-]+|(?:hi|hello|hey|and|a|just|again|another|weekly|daily|monthly|gentle|friendly|kind|soft|little|small|quick|please|for|to|review|you|ping(?:ing|s)?|bump(?:ing)?|poke|poking|reminder|ptal)\b))+[^\w@]*$)");
  static const Pattern kWakes(R"(\b(?:ping(?:ing|s)?|bump(?:ing)?|poke|poking|reminder|ptal)\b)");
  return kWakes.found_in(lower) && kPing.found_in(lower);
}

// "I'll defer to @ada", "over to @ada", "leaving this to @ada", "adding @ada for the parser", "+@ada".
bool defers(std::string_view lower) {
  static const Pattern kDefers(
      R"(^\W*(?:(?:i|i['’]ll|i['’]d|i will|let me|let['’]s|will|so|then)\s+)*(?:(?:defer(?:ring)?|over|hand(?:ing)?(?: (?:this|it))?(?: over)?)\s+to|(?:leave|leaving)\s+(?:this|it|that|the \w+)\s+(?:to|for|up to)|(?:add|adding|include|including|loop in|looping in))\s+@|^\s*\+\s?@)");
  return kDefers.found_in(lower);
}

// "I'd like @ada to have a look", "let's get @ada's opinion", "I think @ada should review this", "I'll let @ada
// approve".
bool wants_look_of(std::string_view lower) {
  static const Pattern kWish(
      R"(\b(?:like|love|let['’]?s|let|good to|nice to|helpful to|useful to|great to|should|could|want|wanted|wait for|get|hear)\b[^.@]*@[\w-]+(?:['’]s)?[^.@]*\b(?:look|opinions?|eyes|thoughts|views?|input|take|review|feedback|approve|approval|comment|weigh in|chime in|sign off|decide)\b|@[\w-]+ should (?:probably |also |really )?(?:review|look|approve|decide|comment|weigh in|chime in)\b)");
  return kWish.found_in(lower);
}

bool lets_approve(std::string_view words) {
  static const Pattern kLet(
      R"((?i)\blet @[\w-]+ (?:also |still )?(?:approve|review|decide|have|take|look|sign|confirm|merge)\b)");
  return kLet.found_in(words);
}

// Names alone, "cc @ada", "paging @ada": a call without a question.
bool calls(const Sentence& sentence) {
  if (sentence.to.empty()) return false;
  if (sentence.addresses_alone || sentence.does(SpeechAct::call)) return true;
  if (sentence.does(SpeechAct::command)) return false;
  const std::string text = to_lower(sentence.text);
  for (const std::string_view word : {"cc ", "cc: ", "/cc ", "ping ", "pinging ", "paging ", "ptal "})
    if (text.starts_with(word)) return true;
  return pings(text) || defers(text) || wants_look_of(text);
}

// Between two numbers of a list: blanks, commas, "and", "&".
bool is_list_gap(std::string_view words, std::size_t from, std::size_t to) {
  if (to <= from) return true;
  std::string gap = to_lower(trim(words.substr(from, to - from)));
  std::erase_if(gap, [](char c) { return c == ',' || c == '&' || c == ' '; });
  return gap.empty() || gap == "and";
}

// "This no longer depends on #12", "is not blocked by #12".
bool is_denied(std::string_view words, std::size_t at) {
  static const Pattern denial(R"((?i)\b(?:no longer|not|never|\w+n['’]t)(?:\s+\w+)?\s+$)");
  constexpr std::size_t kBefore = 40;
  const std::size_t from = at < kBefore ? 0 : at - kBefore;
  return denial.found_in(words.substr(from, at - from));
}

void find_blockers(const Pattern& pattern, std::string_view words, const std::vector<Reference>& references,
                   std::vector<std::int64_t>& numbers) {
  std::string_view found[2];
  for (std::size_t from = 0; from < words.size() && pattern.search(words, from, Pattern::Anchor::none, found);) {
    if (found[1].data() == nullptr) return;  // a pattern of one's own that may find none
    const auto place = static_cast<std::size_t>(found[1].data() - words.data());
    from = std::max(place, from + 1);
    if (is_denied(words, static_cast<std::size_t>(found[0].data() - words.data()))) continue;
    auto each = std::find_if(references.begin(), references.end(), [&](const Reference& reference) {
      return reference.begin <= place && place < reference.end;
    });
    for (std::size_t end = place; each != references.end() && is_list_gap(words, end, each->begin); ++each) {
      if (each->is_own()) numbers.push_back(each->number);
      end = each->end;
    }
  }
}

// "I'll look at that when this is done", "there would still need to be …": nothing to be waited for here.
bool is_of_later(const Sentence& sentence) {
  static const Pattern kLater(
      R"((?i)\b(?:there|that|this|it|which) would\b|\b(?:when|once|after|as soon as)\b[^,;]*\b(?:this|here)\b[^,;]*\b(?:done|merged|in|landed|lands|finished)\b)");
  return kLater.found_in(sentence.text);
}

bool does_now(const Speech& speech, SpeechAct act) {
  return std::ranges::any_of(speech.sentences,
                             [&](const Sentence& sentence) { return sentence.does(act) && !is_of_later(sentence); });
}

// Questions that are ideas: each says "maybe".
bool only_suggests(const Speech& speech) {
  static const Pattern kMaybe(R"((?i)\b(?:maybe|perhaps)\b)");
  return std::ranges::all_of(speech.sentences, [&](const Sentence& sentence) {
    return !sentence.does(SpeechAct::question) || kMaybe.found_in(sentence.text);
  });
}

}  // namespace

Ear::Ear(const ReviewRules& rules, ReferenceRules references)
    : references_(std::move(references)),
      approval_(rules),
      partial_(rules.partial_approval_pattern),
      objection_(rules.objection_pattern),
      rebase_(rules.rebase_pattern),
      keeps_(rules.author_keeps_pattern),
      ready_(rules.author_ready_pattern),
      blocked_(rules.blocked_pattern),
      stacked_(rules.stacked_pattern),
      work_in_progress_(rules.work_in_progress_pattern),
      superseded_(rules.superseded_pattern),
      ask_(rules.ask_author_pattern),
      feedback_(
          R"((?i)\b(?:feedback|opinions?|thoughts|concept acks?|comments (?:are )?welcome|looking for|please (?:take a look|review)|rfc)\b)"),
      conditional_(
          R"((?:^|[^\w])(?:ut|cr|t|re-?)?ACK(?:\s+`?[0-9a-f]{7,40}`?)?[\s,:;(—-]*(?:mod|modulo|if|once|after|when|provided|assuming|except|apart from)\b([^\n.!?]*))"),
      later_(
          R"((?i)\b(?:follow-?ups?|out[ -]of[ -]scope|(?:another|additional|separate|future|later|different) (?:prs?|pull requests?|patch(?:es)?|issues?))\b)") {
}

namespace {

// Thanks and praise, signs alone, and who says that they cannot look at it, ask nothing of the author.
bool is_courtesy(const Heard& heard) {
  static const Pattern kSigns(R"(^(?:\s|:[a-z0-9_+-]+:|[^\x00-\x{206F}\p{L}\p{N}])+$)");
  static const Pattern kPolite(
      R"((?i)^(?:[^\p{L}\p{N}@:]*(?:many|much|big|huge|so|very|really|a|lot|tons?|of|for|the|this|that|these|your|you|all|everyone|everybody|again|thanks?|thx|ty|cheers|nice|neat|great|good|awesome|amazing|excellent|fantastic|cool|lovely|super|brilliant|well|done|work|works|job|catch|finds?|one|stuff|contributions?|contributing|fix|fixing|fixes|pr|pull|request|patch|patches|change|changes|cleanup|improvements?|working|on|doing|taking|care|it|and|indeed|first|congratulations|congrats|welcome|:[a-z0-9_+-]+:|@[\w-]+))+[^\p{L}\p{N}]*$)");
  static const Pattern kPraise(
      R"((?i)\b(?:thanks?|thx|ty|cheers|nice|neat|great|good|awesome|amazing|excellent|fantastic|cool|lovely|super|brilliant|well done|congratulations|congrats)\b)");
  static const Pattern kCannot(
      R"((?i)\bi(?:'m|'ve|’m|’ve)?\b[^.\n]*(?:\b(?:no|not|n't|don't|won't|haven't) (?:have )?(?:got )?(?:the |enough |any |much )?(?:time|capacity|bandwidth|cycles)\b|\b(?:can't|cannot|can not|won't|will not|unable to|not (?:be )?able to) (?:be able to )?(?:review|look|get to|test)\b|\bon (?:vacation|holidays?|leave|pto)\b|\bnot (?:the right|a good|the best) (?:person|reviewer)\b|\bnot familiar (?:enough )?with\b))");
  static const Pattern kBecause(
      R"((?i)\b(?:review|look|get to|test)\b[^.\n]*\b(?:until|unless|conflicts?|rebase[ds]?|too (?:big|large|long)|split|because|before)\b)");
  const std::string_view words = trim(heard.words);
  if (kSigns.found_in(words)) return true;
  if (kPraise.found_in(words) && kPolite.found_in(words)) return true;
  return heard.speech.sentences.size() <= kFewSentences && kCannot.found_in(words) && !kBecause.found_in(words);
}

// "```suggestion": what a reviewer would have in the place of the lines, which the author can take by a button (GitHub;
// GitLab's "```suggestion:-0+1").
bool has_suggested_change(std::string_view body) {
  static const Pattern kFence(R"((?m)^ {0,3}(?:`{3,}|~{3,}) *suggestion(?::[-+0-9]+)?\s*$)");
  return kFence.found_in(body);
}

// Without the lines that speak to machines.
std::string said_to_people(std::string_view words) {
  std::string result;
  for (const std::string_view line : split(words, '\n'))
    if (!command_of(line)) (result += line) += '\n';
  return result;
}

}  // namespace

Heard Ear::hear(std::string_view body) const {
  Heard heard;
  heard.words = own_words(body);
  heard.speech = understand(body);
  const Speech& speech = heard.speech;
  for (const Sentence& sentence : speech.sentences)
    if (sentence.does(SpeechAct::take_back))
      (sentence.does(SpeechAct::command) ? heard.takes_back : heard.takes_back_own) = true;
  heard.approves = !heard.takes_back && is_approval(heard.words);
  const std::string words = said_to_people(heard.words);
  heard.consents = !heard.takes_back && speech.consents() && !lets_approve(words);
  heard.sets_condition = sets_condition(heard, words);
  heard.suggests_change = has_suggested_change(body);
  heard.is_for_later = speech.sentences.size() <= kFewSentences && later_.found_in(words);
  heard.agrees_to_idea = (partial_.found_in(words) || speech.does(SpeechAct::consent_idea)) &&
                         !speech.does(SpeechAct::reservation) && !speech.asks();
  heard.objects = objection_.found_in(words);
  heard.calls_for_rebase = speech.does(SpeechAct::rebase) && rebase_.found_in(words);
  heard.names_successor = superseded_.found_in(words);
  heard.nudges = heard.names_successor || speech.does(SpeechAct::nudge) ||
                 (ask_.found_in(words) && speech.does(SpeechAct::question));
  heard.promises = speech.does(SpeechAct::promise_review);
  const bool is_unfinished = does_now(speech, SpeechAct::unfinished);
  heard.says_ready = !is_unfinished && (speech.does(SpeechAct::done) || ready_.found_in(words));
  heard.announces =
      is_unfinished || (!heard.says_ready && (does_now(speech, SpeechAct::announce) || keeps_.found_in(words)));
  // "Blocked by #12" holds as long as #12 is open, and no longer: that is for the caller to know.
  heard.holds = std::ranges::any_of(speech.sentences, [&](const Sentence& sentence) {
    return sentence.does(SpeechAct::hold) && blockers(sentence.text, false).empty();
  });
  heard.gives_up = speech.does(SpeechAct::gives_up);
  heard.releases = speech.does(SpeechAct::release);
  heard.asks = speech.asks();
  heard.has_question = speech.does(SpeechAct::question);
  heard.speaks_to_one = speech.does(SpeechAct::you) || speech.does(SpeechAct::direct);
  heard.only_suggests = only_suggests(speech);
  heard.leaves_it = leaves_it(heard);
  heard.asked = speech.asked();
  for (const Sentence& sentence : speech.sentences) {
    take_command(sentence, heard);
    static const Pattern kWaitsFor(R"((?i)\bwait(?:ing|s)? (?:for|on|until)\s(?:[\w'’ ]+\s)?@([\w-]+))");
    static const Pattern kElse(R"((?i)\b(?:before|until|till|unless|after|once|when|as long as|wait(?:ing|s)?)\b)");
    heard.holds_for_else |= sentence.does(SpeechAct::hold) && kElse.found_in(sentence.text);
    std::string login;
    if (sentence.does(SpeechAct::hold) && kWaitsFor.found_in(sentence.text, &login))
      heard.held_for.insert(to_lower(login));
  }
  return heard;
}

namespace {

// "@types/node", "@param", "@app.route", "@Override": packages and marks in code, written as names are.
bool is_no_name(std::string_view text) {
  static const Pattern kCode(
      R"((?i)^@(?:\w[\w-]*[.(]\w|(?:babel|types|angular|vue|nestjs|react-native|testing-library|typescript-eslint|aws-sdk|mui|storybook|jest|eslint|rollup|vitejs|sveltejs|nuxt|apollo|octokit|google-cloud|azure|sentry|tanstack|ngrx|opentelemetry|grpc|prisma|changesets|actions|emotion|graphql-tools|material-ui|node-red|npmcli|parcel|popperjs|rails|swc|tensorflow|webassemblyjs|wordpress|yarnpkg)/\w|(?:param|returns?|throws|exception|override|deprecated|see|since|author|version|link|code|test|before|after|inject|autowired|bean|component|entity|media|import|charset|property|dataclass|staticmethod|classmethod|nullable|nonnull|notnull|suppresswarnings|todo|type|typedef|template|internal|private|public|protected|readonly|abstract|async|brief|file|details|note|pytest|mock|patch|decorator|annotation|input|output|injectable|ts-ignore|ts-expect-error)\b))");
  return kCode.found_in(text);
}

}  // namespace

std::set<std::string> Heard::called_reviewers() const {
  static const Pattern kReview(R"((?i)\b(?:re-?)?(?:review\w*|look|ptal|thoughts|opinions?|feedback)\b)");
  std::set<std::string> result;
  for (const Sentence& sentence : speech.sentences)
    if (sentence.does(SpeechAct::call) ||
        (!sentence.does(SpeechAct::command) && kReview.found_in(sentence.text) &&
         (sentence.does(SpeechAct::question) || sentence.does(SpeechAct::request) || sentence.does(SpeechAct::done))))
      result.insert(sentence.to.begin(), sentence.to.end());
  return result;
}

bool Heard::asks_strangers(const People& people) const {
  return std::ranges::any_of(speech.sentences, [&](const Sentence& sentence) {
    const bool is_put_to = sentence.text.starts_with('@') && !is_no_name(sentence.text) &&
                           !sentence.does(SpeechAct::command) &&
                           (sentence.does(SpeechAct::you) || sentence.does(SpeechAct::direct));
    return is_put_to && !sentence.to.empty() && people_named(sentence.to, people).empty();
  });
}

void Ear::take_command(const Sentence& sentence, Heard& heard) {
  if (calls(sentence)) heard.asked.insert(sentence.to.begin(), sentence.to.end());
  heard.speaks_to_one |= !sentence.to.empty() && pings(to_lower(sentence.text));
  if (!sentence.does(SpeechAct::command)) return;
  heard.speaks_to_one = heard.speaks_to_one || sentence.does(SpeechAct::call);
  heard.by_command |= sentence.does(SpeechAct::hold) || sentence.does(SpeechAct::release);
  if (sentence.does(SpeechAct::approve)) heard.approves_for.insert(sentence.to.begin(), sentence.to.end());
}

bool Ear::sets_condition(const Heard& heard, std::string_view words) const {
  // What others, or machines, have to bring about, and what may be left undone, is no condition for the author.
  static const Pattern kNotTheirs(
      R"((?i)\b(?:ci|tests?|green|pass(?:es)?|travis|cirrus|builds?|others?|another|nobody|no ?one|everyone|somebody|someone|nits?|acks?|i|i'm|we)\b)");
  static const Pattern kConsent(
      R"((?i)\b(?:lgtm|looks good(?: to me)?|approv(?:ed?|ing))\b[\s,:;(—-]*(?:but |only )?(?:mod|modulo|once|provided|assuming|as soon as|as long as|after (?:you|the|that|this|these|those|fixing|addressing))\b([^\n.!?]*))");
  static const Pattern kBeforeMerge(
      R"((?i)\b(?:before|prior to) (?:it's |it is |this is |(?:it|this) gets |(?:i|we|you) )?(?:merg(?:e|ed|ing)|land(?:s|ed|ing)?)\b)");
  // "With the typo fixed: Reviewed-by: Ada".
  static const Pattern kWith(
      R"((?i)\bwith (?:the|that|this|those|these|your)\b([^\n.!?]*)\b(?:fixed|addressed|resolved|changed|removed|renamed|dropped|done)\b)");
  if (partial_.found_in(words)) return false;
  if (heard.speech.does(SpeechAct::consent) && kWith.found_in(words)) return true;
  std::string_view found[2];
  for (const Pattern* pattern : std::initializer_list<const Pattern*>{&conditional_, &kConsent})
    if (pattern->search(words, 0, Pattern::Anchor::none, found) && !kNotTheirs.found_in(found[1])) return true;
  return std::ranges::any_of(heard.speech.sentences, [&](const Sentence& sentence) {
    return sentence.does(SpeechAct::direct) && !sentence.does(SpeechAct::hold) && sentence.to.empty() &&
           kBeforeMerge.found_in(sentence.text) && !kNotTheirs.found_in(sentence.text);
  });
}

namespace {

// "No further comments from me", "the CI failure is unrelated", "restarted the job": each sentence says so.
bool says_nothing_to_do(const Speech& speech) {
  static const Pattern kNothing(
      R"((?i)^\W*(?:(?:i|i've|i have|there are|still|sorry|ok|okay)[\s,]+)*(?:(?:no|zero) (?:further |more |other |additional |strong )?(?:comments?|remarks?|objections?|concerns?|complaints?|issues? from)|nothing (?:more |else |further )?(?:to add|from (?:me|my side)))\b)");
  static const Pattern kUnrelated(
      R"((?i)\b(?:ci|tests?|builds?|failures?|jobs?|checks?|errors?|red|travis|cirrus|appveyor)\b[^.\n]*\b(?:unrelated|not related|spurious|intermittent|known (?:issue|failure|flake))\b|\bflak(?:y|e|es|iness)\b)");
  static const Pattern kStarted(
      R"((?i)\b(?:re-?start(?:ed|ing)?|re-?ran|re-?run(?:ning)?|re-?trigger(?:ed|ing)?|kicked(?: off)?)\b[^.\n]*\b(?:ci|jobs?|tests?|builds?|checks?|pipelines?|workflows?|it)\b)");
  return !speech.sentences.empty() && std::ranges::all_of(speech.sentences, [](const Sentence& sentence) {
    if (sentence.does(SpeechAct::request) || sentence.does(SpeechAct::question)) return false;
    return kNothing.found_in(sentence.text) || kUnrelated.found_in(sentence.text) || kStarted.found_in(sentence.text);
  });
}

}  // namespace

bool Ear::leaves_it(const Heard& heard) const {
  static const Pattern kNoWeight(
      R"((?i)\b(?:no|don't have (?:a|any)|without a) strong (?:opinions?|preferences?|feelings?)\b|\bmy (?:two|2) cents\b)");
  if (heard.has_question || heard.speech.does(SpeechAct::direct)) return false;
  // "LGTM, but I'd like another pair of eyes": of somebody else.
  static const Pattern kAnother(
      R"((?i)\b(?:another|second|additional|one more|extra) (?:pair of eyes|set of eyes|reviews?|reviewers?|opinions?|approvals?|acks?|lgtms?)\b)");
  if (kAnother.found_in(heard.words) && heard.speech.sentences.size() <= kFewSentences) return true;
  // "-0", "+0": Apache's votes that neither approve nor block.
  static const Pattern kNought(R"(^\s*[+-]0(?:\.\d+)?(?:$|[^\w.]))");
  if (kNoWeight.found_in(heard.words) || kNought.found_in(heard.words) || says_nothing_to_do(heard.speech)) return true;
  if (heard.asks || heard.speech.does(SpeechAct::reservation)) return false;
  // "+1 (non-binding)", "+1 on what @cyd said": for others to count.
  static const Pattern kAgrees(R"(^\s*\+1(?:$|[^\w.]))");
  if (is_courtesy(heard) || kAgrees.found_in(heard.words)) return true;
  static const Pattern kFine(
      R"((?i)\b(?:is|are|am|'s|'re) (?:all )?(?:fine|good|ok(?:ay)?) (?:by|with|for) me\b|\bsounds (?:fine|good|ok(?:ay)?|reasonable|great) to me\b)");
  static const Pattern kCondition(R"((?i)\b(?:mod|modulo|nits?|if|once|after|when|except|apart from|assuming)\b)");
  static const Pattern kMoot(
      R"((?i)\b(?:hop(?:e|es|ing)|expect\w*)\b[^\n.]*#\d+[^\n.]*\b(?:unnecessary|unneeded|obsolete|redundant|superfluous|moot)\b)");
  static const Pattern kTried(
      R"((?i)^\W*(?:(?:i|i've|i have|just|also|lightly|quickly) )*(?:tested|built|compiled|checked|verified|tried|ran|made)\b)");
  static const Pattern kFault(
      R"((?i)n't\b|\b(?:not|no|cannot|fail\w*|errors?|crash\w*|warn\w*|broken|breaks?|wrong|issues?|problems?|bugs?|slow\w*|though|however|instead|should|could|would|still|missing|unable|unexpected\w*|regress\w*|suggest\w*)\b)");
  if (kFine.found_in(heard.words) || kMoot.found_in(heard.words)) return true;
  if (heard.speech.does(SpeechAct::ack) && !kCondition.found_in(heard.words)) return true;
  return kTried.found_in(heard.words) && !kFault.found_in(heard.words);
}

std::vector<std::int64_t> Ear::blockers(std::string_view body, bool stacked_too) const {
  std::vector<std::int64_t> numbers;
  std::string words = spoken_text(body, Markup::markdown);
  leave_out_struck(words);
  const auto references = references_in_spoken(words, references_);
  if (references.empty()) return numbers;
  std::replace(words.begin(), words.end(), kTransparent, ' ');
  // Beside the pattern of the configuration, whatever it is.
  static const Pattern kUpon(
      R"((?i)\b(?:depend(?:s|ent|ing)?[ _-]upon:?\s+(?:\S+\s+){0,3}?(?:[\w./-]*[#!]|gh-|https?://\S+/)(\d+)))");
  static const Pattern kFirst(
      R"((?i)\b(?:requires?|needs?)\s+(?:\S+\s+){0,2}?(?:[\w./-]*[#!]|gh-|https?://\S+/)(\d+)\s+(?:to\s+)?(?:be\s+)?(?:merged|landed|land|go in|get in|first)\b)");
  find_blockers(blocked_, words, references, numbers);
  find_blockers(kUpon, words, references, numbers);
  find_blockers(kFirst, words, references, numbers);
  if (stacked_too) find_blockers(stacked_, words, references, numbers);
  return numbers;
}

bool Ear::is_unfinished(std::string_view title) const {
  // "Do not merge empty lists" tells what it does.
  static const Pattern kDoNot(R"((?i)^\W*(?:do not|don['’]t) merge\b)");
  return kDoNot.found_in(title) ? is_held(title) : work_in_progress_.found_in(title);
}

bool Ear::is_held(std::string_view title) const {
  static const Pattern kHeld(
      R"(^\W*DO[ -]NOT[ -]MERGE\b|(?i)^\W*(?:dnm|(?:please )?do[ -]not[ -](?:merge|land)|don['’]?t[ -](?:merge|land)|(?:on )?hold)\b(?:\W*[\])}:–—-]|$))");
  return kHeld.found_in(title);
}

bool Ear::is_call_for_rebase(std::string_view body) const {
  return bot_asks_for_rebase(body);
}

std::set<std::int64_t> people_named(const std::set<std::string>& logins, const People& people) {
  std::set<std::int64_t> result;
  for (const std::string& login : logins)
    if (const auto found = people.by_login.find(login); found != people.by_login.end()) result.insert(found->second);
  return result;
}

Timestamp labelled_at(const OpenItem& item, const std::string& label) {
  Timestamp since = item.opened_at;
  for (const Entry& entry : item.entries)
    if (entry.kind == EntryKind::labeled && entry.label == label) since = entry.at;
  return since;
}

Timestamp drafted_at(const OpenItem& item) {
  Timestamp since = item.opened_at;
  for (const Entry& entry : item.entries)
    if (entry.kind == EntryKind::draft) since = entry.at;
  return since;
}

namespace {

std::string plain_label(std::string_view label) {
  std::string name = to_lower(trim(label));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  return name;
}

// "status: blocked" is blocked, "area: security" is not what "security" means.
bool is_group_of_state(std::string_view group) {
  static constexpr std::array<std::string_view, 9> kGroups{"status", "state", "s",     "pr",      "review",
                                                           "stage",  "flow",  "merge", "workflow"};
  return std::find(kGroups.begin(), kGroups.end(), group) != kGroups.end();
}

// As one of these names, or ending with one: "status: needs rebase".
template <std::size_t Size>
bool is_label_among(std::string_view label, const std::array<std::string_view, Size>& names) {
  std::string name = to_lower(label);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '_' || c == ':' || c == '/'; }, ' ');
  return std::any_of(names.begin(), names.end(), [&](std::string_view each) {
    return name == each ||
           (name.size() > each.size() && name.ends_with(each) && name[name.size() - each.size() - 1] == ' ');
  });
}

}  // namespace

const std::string* label_in(const std::set<std::string>& labels, std::string_view wanted) {
  if (const auto exact = labels.find(std::string(wanted)); exact != labels.end()) return &*exact;
  const std::string name = plain_label(wanted);
  for (const std::string& label : labels) {
    const std::string plain = plain_label(label);
    const std::size_t group = plain.find_first_of(":/");
    if (plain == name ||
        (group != std::string::npos && is_group_of_state(trim(std::string_view(plain).substr(0, group))) &&
         trim(std::string_view(plain).substr(group + 1)) == name))
      return &label;
  }
  return nullptr;
}

bool is_label_of_state(std::string_view label) {
  static constexpr std::array<std::string_view, 10> kNames{
      "needs rebase", "need rebase",   "rebase needed",   "needs a rebase", "merge conflict",
      "conflicts",    "has conflicts", "merge conflicts", "needs rebasing", "do not merge work in progress"};
  return is_label_among(label, kNames) || is_label_of_ci(label);
}

bool is_label_of_hold(std::string_view label) {
  static constexpr std::array<std::string_view, 3> kNames{"do not merge", "do not merge hold", "don't merge"};
  return is_label_among(label, kNames);
}

bool is_label_of_ci(std::string_view label) {
  static constexpr std::array<std::string_view, 7> kNames{"ci failed",     "ci failing",   "ci fails",    "ci failure",
                                                          "tests failing", "build failed", "tests failed"};
  return is_label_among(label, kNames);
}

}  // namespace resident
