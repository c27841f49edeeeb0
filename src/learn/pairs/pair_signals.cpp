#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <config/bots.hpp>
#include <learn/pairs/pair_signals.hpp>
#include <store/noreply.hpp>
#include <text/fold.hpp>

namespace resident {

namespace {

// Log-odds. Before anything is known of two who share at all something.
constexpr double kPrior = -4;
constexpr double kFullName = 7, kCommonFullName = 5, kRareHandle = 6.5, kAccountsDiffer = -6, kNamesDiffer = -4,
                 kTalked = -4, kSameDomain = 2, kInitials = 3.5;
// What names, logins and addresses say is much the same: the strongest counts, of the rest a part.
constexpr double kPart = 0.3;
constexpr std::size_t kLargestBlock = 12;  // a key that more share says nothing
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

constexpr std::string_view kMailHosts[] = {"gmail.com",    "googlemail.com", "outlook.com",
                                           "hotmail.com",  "live.com",       "msn.com",
                                           "yahoo.com",    "ymail.com",      "protonmail.com",
                                           "proton.me",    "protonmail.ch",  "pm.me",
                                           "icloud.com",   "me.com",         "mac.com",
                                           "gmx.de",       "gmx.net",        "gmx.com",
                                           "web.de",       "mail.ru",        "yandex.ru",
                                           "yandex.com",   "qq.com",         "163.com",
                                           "126.com",      "fastmail.com",   "fastmail.fm",
                                           "tutanota.com", "tuta.io",        "posteo.de",
                                           "riseup.net",   "mailbox.org",    "naver.com",
                                           "aol.com",      "zoho.com",       "hey.com",
                                           "free.fr",      "orange.fr",      "laposte.net",
                                           "t-online.de",  "rambler.ru",     "inbox.ru",
                                           "hotmail.fr",   "hotmail.co.uk",  "yahoo.co.uk",
                                           "yahoo.co.jp",  "yahoo.fr",       "yahoo.de",
                                           "outlook.fr",   "comcast.net",    "users.noreply.github.com"};

// What stands where nobody has said who they are.
bool is_no_name(const std::string& key) {
  static const std::set<std::string> names{"unknown", "root",     "user",  "username", "none",    "nobody", "anonymous",
                                           "anon",    "yourname", "admin", "ubuntu",   "vagrant", "test",   "noname",
                                           "name",    "me",       "guest", "dev",      "default", "email",  "null"};
  return names.contains(key);
}

// Of names letters count without their marks: "José" and "Jose" are written by one hand.
std::string plain_name(std::string_view text) {
  return without_marks(fold_name(text));
}

// "Jürgen" as those write it who have no such key: "Juergen".
std::string written_out(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> kLetters[] = {
      {"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"ø", "oe"}, {"å", "aa"}};
  std::string result = fold_name(text);
  for (const auto& [letter, out] : kLetters)
    for (std::size_t at = result.find(letter); at != std::string::npos; at = result.find(letter, at + out.size()))
      result.replace(at, letter.size(), out);
  return without_marks(result);
}

std::string letters(std::string_view text) {
  std::string result;
  for (const char c : plain_name(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || (byte & 0x80)) result += c;
  }
  return result;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : plain_name(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || (byte & 0x80)) {
      words.back() += c;
    } else if (!words.back().empty() && c != '\'') {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// How much a handle says by itself: short ones are many people's.
double weight_of_handle(const std::string& handle, double most) {
  constexpr double kStep = 1.5;
  constexpr std::size_t kEnough = 6;
  const std::size_t size = handle.size();
  return std::max(1.0, most - kStep * static_cast<double>(size >= kEnough ? 0 : kEnough - size));
}

// "achow101" → "achow".
std::string without_digits(std::string handle) {
  while (!handle.empty() && handle.back() >= '0' && handle.back() <= '9') handle.pop_back();
  return handle;
}

// "jdoe", "janed", "doej" of "Jane Doe".
std::set<std::string> initial_forms(const std::string& name) {
  const auto words = words_of(name);
  if (words.size() < 2) return {};
  const std::string &first = words.front(), &last = words.back();
  constexpr std::size_t kLeast = 5;
  std::set<std::string> forms;
  for (const std::string& form : {first.substr(0, 1) + last, first + last.substr(0, 1), last + first.substr(0, 1)})
    if (form.size() >= kLeast) forms.insert(form);
  return forms;
}

template <class Set>
std::vector<std::string> common(const Set& a, const Set& b) {
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

}  // namespace

PairScorer::PairScorer(const Context& context, const IdentityGraph& graph,
                       const std::vector<std::size_t>& unit_of_identity, bool hides)
    : context_(context), graph_(graph), hides_(hides) {
  make_units(unit_of_identity);
  count_words();
  load_merges();
  if (!hides_) load_openers();
  load_reviewers();
  load_talks();
}

void PairScorer::make_units(const std::vector<std::size_t>& unit_of_identity) {
  for (std::size_t i = 0; i < unit_of_identity.size(); ++i) {
    const Identity& identity = graph_.identities()[i];
    if (unit_of_identity[i] == kNone) continue;
    unit_of_[identity.id] = unit_of_identity[i];
    PairUnit& unit = units_[unit_of_identity[i]];
    unit.identities.push_back(&identity);
    if (!identity.bot_reason.empty()) continue;  // a script's name says nothing of its person
    const auto handle = [&](const std::string& text) {
      const std::string key = letters(text);
      if (key.size() < 2 || is_no_name(key)) return;
      unit.handles.insert(key);
      unit.shown.emplace(key, text);
    };
    if (!identity.login.empty()) {
      handle(identity.login);
      unit.has_account = true;
      if (identity.account_id) unit.accounts.insert({graph_.forge_of(identity.provider).second, *identity.account_id});
    }
    for (const std::string& name : {identity.name, identity.real_name})
      for (const std::string& form : std::set<std::string>{plain_name(name), written_out(name)}) {
        const auto words = words_of(form);
        if (words.size() > 1) {
          std::vector<std::string> sorted = words;
          std::sort(sorted.begin(), sorted.end());
          std::string key;
          for (const auto& word : sorted) key += word + " ";
          unit.full_names.insert(key);
          unit.shown.emplace(key, name);
          unit.shown.emplace(letters(form), name);
        } else {
          handle(name);
        }
        unit.words.insert(words.begin(), words.end());
      }
    const std::size_t at = identity.email.rfind('@');
    if (at == std::string::npos) continue;
    if (const auto noreply = parse_noreply(identity.email, {})) {
      if (!hides_ && !noreply->login.empty()) handle(noreply->login);
      continue;
    }
    if (is_nobodys_address(identity.email)) continue;
    const std::string local = identity.email.substr(0, identity.email.find('+') < at ? identity.email.find('+') : at);
    if (!is_role_address(identity.email)) unit.locals.insert(letters(local));
    const std::string domain = identity.email.substr(at + 1);
    if (std::find(std::begin(kMailHosts), std::end(kMailHosts), domain) == std::end(kMailHosts))
      unit.domains.insert(domain);
  }
}

void PairScorer::count_words() {
  for (const auto& [index, unit] : units_)
    for (const auto& word : unit.words) ++words_[word];
}

std::int64_t PairScorer::bearers(const std::string& word) const {
  const auto found = words_.find(word);
  return found == words_.end() ? 0 : found->second;
}

std::size_t PairScorer::unit_of(const std::optional<std::int64_t>& identity) const {
  if (!identity) return kNone;
  const auto found = unit_of_.find(*identity);
  return found == unit_of_.end() ? kNone : found->second;
}

void PairScorer::see(std::map<Both, Seen>& into,
                     const std::map<std::size_t, std::map<std::size_t, std::int64_t>>& counts) {
  for (const auto& [git, accounts] : counts) {
    std::int64_t all = 0;
    for (const auto& [account, n] : accounts) all += n;
    for (const auto& [account, n] : accounts)
      if (git != account) into[std::minmax(git, account)] = {n, all - n};
  }
}

// Whom the forge names as the merger, and whom git names as the committer of that merge.
void PairScorer::load_merges() {
  std::map<std::size_t, std::map<std::size_t, std::int64_t>> counts;
  const auto rows = context_.database.query(
      "SELECT c.committer_id, e.actor_id, count(*) FROM event e JOIN git_commit c ON c.project_id = e.project_id AND "
      "c.sha = e.sha WHERE e.project_id = :project AND e.kind = 'merged' AND e.actor_id IS NOT NULL AND e.occurred_at "
      "<= :as_of AND c.committer_id IS NOT NULL GROUP BY c.committer_id, e.actor_id",
      context_.parameters());
  while (rows->next()) {
    const std::size_t git = unit_of(rows->integer(0)), account = unit_of(rows->integer(1));
    if (git != kNone && account != kNone) counts[git][account] += rows->integer(2);
  }
  see(merges_, counts);
}

// Whose pull requests somebody's commits are in.
void PairScorer::load_openers() {
  std::map<std::size_t, std::map<std::size_t, std::int64_t>> counts;
  const auto rows = context_.database.query(
      "SELECT e.actor_id, i.author_id, count(DISTINCT i.item_id) FROM event e JOIN item i ON i.project_id = "
      "e.project_id AND i.item_id = e.item_id WHERE e.project_id = :project AND e.kind = 'committed' AND e.actor_id IS "
      "NOT NULL AND i.author_id IS NOT NULL AND i.created_at <= :as_of GROUP BY e.actor_id, i.author_id",
      context_.parameters());
  while (rows->next()) {
    const std::size_t git = unit_of(rows->integer(0)), account = unit_of(rows->integer(1));
    if (git != kNone && account != kNone) counts[git][account] += rows->integer(2);
  }
  see(openers_, counts);
}

// Who reviewed at the forge what trailers say that somebody reviewed. Only who does not review nearly everything says
// something: an account that is at every tenth pull request is found beside anybody.
void PairScorer::load_reviewers() {
  std::map<std::int64_t, std::set<std::size_t>> by_forge, by_git;
  const auto gather = [&](std::string_view sql, std::map<std::int64_t, std::set<std::size_t>>& into) {
    for (const auto rows = context_.database.query(sql, context_.parameters()); rows->next();)
      if (const std::size_t unit = unit_of(rows->integer(1)); unit != kNone) into[rows->integer(0)].insert(unit);
  };
  gather(
      "SELECT DISTINCT l.item_id, t.identity_id FROM trailer t JOIN git_commit c ON c.project_id = t.project_id AND "
      "c.commit_id = t.commit_id JOIN item_commit l ON l.project_id = c.project_id AND l.sha = c.sha WHERE "
      "t.project_id = :project AND t.identity_id IS NOT NULL AND l.relation IN ('head', 'merge') AND c.committed_at <= "
      ":as_of AND lower(t.token) IN ('reviewed-by', 'acked-by', 'tested-by', 'reviewed-on')",
      by_git);
  if (by_git.empty()) return;
  gather(
      "SELECT item_id, author_id FROM review WHERE project_id = :project AND author_id IS NOT NULL AND submitted_at <= "
      ":as_of UNION SELECT item_id, author_id FROM comment WHERE project_id = :project AND author_id IS NOT NULL AND "
      "created_at <= :as_of",
      by_forge);
  std::map<std::size_t, std::int64_t> items_of_account, items_of_git;
  std::map<Both, std::int64_t> together;
  for (const auto& [item, gits] : by_git)
    for (const std::size_t git : gits) ++items_of_git[git];
  for (const auto& [item, accounts] : by_forge) {
    const auto found = by_git.find(item);
    for (const std::size_t account : accounts) {
      ++items_of_account[account];
      if (found == by_git.end()) continue;
      for (const std::size_t git : found->second)
        if (git != account) ++together[{git, account}];
    }
  }
  const auto all = static_cast<double>(std::max<std::size_t>(1, by_forge.size()));
  constexpr double kMostCommon = 0.1;
  for (const auto& [both, n] : together)
    if (static_cast<double>(items_of_account[both.second]) / all <= kMostCommon)
      reviewers_[std::minmax(both.first, both.second)] = {n, items_of_git[both.first] - n};
}

// Who wrote on whose items: nobody reviews themselves.
void PairScorer::load_talks() {
  const auto rows = context_.database.query(
      "SELECT DISTINCT r.author_id, i.author_id FROM review r JOIN item i ON i.project_id = r.project_id AND i.item_id "
      "= r.item_id WHERE r.project_id = :project AND r.author_id IS NOT NULL AND i.author_id IS NOT NULL AND r.state "
      "IN ('approved', 'changes_requested') AND r.submitted_at <= :as_of",
      context_.parameters());
  while (rows->next()) {
    const std::size_t a = unit_of(rows->integer(0)), b = unit_of(rows->integer(1));
    if (a != kNone && b != kNone && a != b) talks_.insert(std::minmax(a, b));
  }
}

std::set<std::pair<std::size_t, std::size_t>> PairScorer::candidates() const {
  std::map<std::string, std::set<std::size_t>> blocks;
  for (const auto& [index, unit] : units_) {
    const auto put = [&, index = index](char kind, const std::string& key) {
      if (key.size() >= 3) blocks[kind + key].insert(index);
    };
    for (const auto& name : unit.full_names) put('n', name);
    for (const auto& handle : unit.handles) put('h', handle), put('h', without_digits(handle));
    for (const auto& local : unit.locals) put('h', local), put('h', without_digits(local));
    for (const auto& [key, name] : unit.shown)
      if (unit.full_names.contains(key)) {
        put('h', letters(name));
        for (const auto& form : initial_forms(name)) put('h', form);
      }
    for (const auto& domain : unit.domains) put('h', letters(domain.substr(0, domain.find('.'))));
  }
  std::set<Both> result;
  for (const auto& [key, block] : blocks) {
    if (block.size() > kLargestBlock) continue;
    for (auto a = block.begin(); a != block.end(); ++a)
      for (auto b = std::next(a); b != block.end(); ++b) result.insert({*a, *b});
  }
  for (const auto* seen : {&merges_, &openers_, &reviewers_})
    for (const auto& [both, counts] : *seen)
      if (counts.together > counts.alone) result.insert(both);
  return result;
}

PairScorer::Weight PairScorer::names(const PairUnit& a, const PairUnit& b) const {
  Weight best;
  for (const std::string& name : common(a.full_names, b.full_names)) {
    // "John Smith": every word of it is in many others' names.
    constexpr std::int64_t kMany = 6;
    const auto words = words_of(name);
    const bool is_common =
        std::all_of(words.begin(), words.end(), [&](const auto& word) { return bearers(word) >= kMany; });
    const double value = is_common ? kCommonFullName : kFullName;
    if (value > best.value)
      best = {value, fmt::format("the same {}name “{}”", is_common ? "(common) " : "", a.shown.at(name))};
  }
  return best;
}

std::vector<PairScorer::Weight> PairScorer::handles(const PairUnit& a, const PairUnit& b) const {
  std::vector<Weight> found;
  const auto add = [&](double value, std::string why) { found.push_back({value, std::move(why)}); };
  // A first name alone is many people's.
  const auto handle_weight = [&](const std::string& handle, double most) {
    constexpr std::int64_t kFew = 3;
    return bearers(handle) > kFew ? 1 : weight_of_handle(handle, most);
  };
  for (const std::string& handle : common(a.handles, b.handles)) {
    const double weight = handle_weight(handle, kRareHandle);
    const bool is_login = a.has_account || b.has_account;
    add(weight, fmt::format("{} “{}”", is_login ? "a login that is the name" : "the same name", a.shown.at(handle)));
  }
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    for (const std::string& handle : common(one->handles, other->locals))
      add(handle_weight(handle, kRareHandle - 0.5),
          fmt::format("“{}” stands before the @ of the other", one->shown.at(handle)));
    for (const std::string& domain : other->domains) {
      const std::string stem = letters(domain.substr(0, domain.find('.')));
      if (one->handles.contains(stem))
        add(handle_weight(stem, kRareHandle - 0.5), fmt::format("“{}” is the other's domain", stem));
    }
    for (const auto& [key, name] : one->shown) {
      if (!one->full_names.contains(key)) continue;
      const std::string whole = letters(name);
      if (other->handles.contains(whole)) add(kRareHandle + 0.5, fmt::format("a login that is the name “{}”", name));
      if (other->locals.contains(whole) && !common(one->full_names, other->full_names).size())
        add(kRareHandle - 0.5, fmt::format("the name “{}” before the @ of the other", name));
      for (const std::string& form : initial_forms(name)) {
        const auto is_form = [&](const std::string& text) { return text == form || without_digits(text) == form; };
        if (std::any_of(other->handles.begin(), other->handles.end(), is_form) ||
            std::any_of(other->locals.begin(), other->locals.end(), is_form))
          add(kInitials, fmt::format("“{}” is short for “{}”", form, name));
      }
    }
  }
  for (const std::string& local : common(a.locals, b.locals))
    add(handle_weight(local, kRareHandle - 1), "the same before the @ of two addresses");
  return found;
}

std::vector<PairScorer::Weight> PairScorer::seen(const Both& both) const {
  std::vector<Weight> found;
  const auto add = [&](const std::map<Both, Seen>& seen, double most, const char* words) {
    const auto entry = seen.find(both);
    if (entry == seen.end()) return;
    const Seen& counts = entry->second;
    const double all = static_cast<double>(counts.together + counts.alone);
    const double share = static_cast<double>(counts.together) / all;
    constexpr double kLeastShare = 0.6;
    if (share < kLeastShare) return;
    // Grows with the number, and falls where others are named, too.
    const double value =
        std::min(most, most * std::log1p(static_cast<double>(counts.together)) / std::log(6.0)) * (share - 0.5) * 2;
    found.push_back({value, fmt::format(fmt::runtime(words), counts.together, counts.together + counts.alone)});
  };
  add(merges_, 6.5, "the forge names one and git the other for {} of {} merges");
  add(openers_, 5, "commits in {} of {} pull requests are in the other's");
  add(reviewers_, 4, "trailers name one where the other reviewed in {} of {} pull requests");
  return found;
}

double PairScorer::against(std::size_t first, std::size_t second) const {
  const PairUnit &a = units_.at(first), &b = units_.at(second);
  double sum = 0;
  for (const auto& [host, number] : a.accounts)
    for (const auto& [other_host, other_number] : b.accounts)
      if (host == other_host && number != other_number) {
        sum = kAccountsDiffer;
        break;
      }
  const bool share_word = !common(a.words, b.words).empty();
  if (!a.full_names.empty() && !b.full_names.empty() && !share_word) sum += kNamesDiffer;
  if (talks_.contains(std::minmax(first, second))) sum += kTalked;
  return sum;
}

PairScorer::Score PairScorer::score(std::size_t a, std::size_t b) const {
  const PairUnit &one = units_.at(a), &other = units_.at(b);
  std::vector<Weight> alike = handles(one, other);
  if (Weight name = names(one, other); name.value > 0) alike.push_back(std::move(name));
  const auto stronger = [](const Weight& x, const Weight& y) { return x.value > y.value; };
  std::sort(alike.begin(), alike.end(), stronger);
  double sum = kPrior + against(a, b);
  for (std::size_t i = 0; i < alike.size() && i < 3; ++i) sum += i == 0 ? alike[i].value : kPart * alike[i].value;
  std::vector<Weight> all = std::move(alike);
  for (Weight& each : seen(std::minmax(a, b))) {
    sum += each.value;
    all.push_back(std::move(each));
  }
  if (!all.empty())
    if (!common(one.domains, other.domains).empty()) {
      sum += kSameDomain;
      all.push_back({kSameDomain, "the same domain of their own"});
    }
  std::sort(all.begin(), all.end(), stronger);
  Score result{1 / (1 + std::exp(-sum)), {}};
  for (Weight& each : all)
    if (std::find(result.evidence.begin(), result.evidence.end(), each.why) == result.evidence.end())
      result.evidence.push_back(std::move(each.why));
  return result;
}

}  // namespace resident
