#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <sources/mail/splitter.hpp>

namespace resident::mail {

namespace {

constexpr std::string_view kFrom = "From ";
constexpr std::size_t kMostWords = 40;
constexpr std::size_t kMostPending = 200;  // headers to look at

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (words.size() < kMostWords) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    if (text.empty()) break;
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

bool is_number(std::string_view word, std::size_t least, std::size_t most) {
  return word.size() >= least && word.size() <= most &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// 9, 09, 9., 9,
bool is_day(std::string_view word) {
  if (word.ends_with('.') || word.ends_with(',')) word.remove_suffix(1);
  return is_number(word, 1, 2);
}

bool is_year(std::string_view word) {
  if (word.ends_with(',')) word.remove_suffix(1);
  return is_number(word, 4, 4);
}

// 18:39, 18:39:17, 18:39:17.5, with Z or +02:00 behind it.
bool is_time(std::string_view word) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos || !is_number(word.substr(0, colon), 1, 2)) return false;
  std::string_view rest = word.substr(colon + 1);
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits != 2) return false;
  rest.remove_prefix(2);
  if (rest.starts_with(':')) {
    if (!is_number(rest.substr(1, 2), 2, 2)) return false;
    rest.remove_prefix(3);
  }
  return rest.empty() || std::string_view(".,+-Zz").find(rest.front()) != std::string_view::npos;
}

template <std::size_t N>
bool begins_as(std::string_view word, const std::array<std::string_view, N>& names) {
  const std::string start = to_lower(word.substr(0, 3));
  return std::find(names.begin(), names.end(), start) != names.end();
}

bool is_month(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                            "jul", "aug", "sep", "oct", "nov", "dec"};
  return begins_as(word, kMonths) && word.find_first_of("0123456789") == std::string_view::npos;
}

bool is_weekday(std::string_view word) {
  static constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  return word.size() <= 10 && begins_as(word, kDays);
}

// 2012-08-09, 2012/08/09; rest: what stands behind it, as in 2012-08-09T18:39:17Z.
bool is_iso_date(std::string_view word, std::string_view& rest) {
  if (word.size() < 10 || !is_number(word.substr(0, 4), 4, 4) || !is_number(word.substr(5, 2), 2, 2) ||
      !is_number(word.substr(8, 2), 2, 2) || word[4] != word[7] || (word[4] != '-' && word[4] != '/'))
    return false;
  rest = word.substr(10);
  return true;
}

// Whether a date with its time begins at that word: as asctime() writes it, with zones where programs put them; as
// RFC 5322 does; as ISO 8601 does.
bool begins_date(const std::vector<std::string_view>& words, std::size_t at) {
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string_view(); };
  std::string_view rest;
  if (is_iso_date(word(at), rest))
    return rest.empty() ? is_time(word(at + 1)) : (rest[0] == 'T' || rest[0] == 't') && is_time(rest.substr(1));
  if (is_weekday(word(at))) ++at;
  if (is_month(word(at)) && is_day(word(at + 1))) {
    if (is_year(word(at + 2)) && is_time(word(at + 3))) return true;
    if (!is_time(word(at + 2))) return false;
    for (std::size_t zone = 0; zone <= 2; ++zone)
      if (is_year(word(at + 3 + zone))) return true;
    return false;
  }
  if (is_day(word(at)) && is_month(word(at + 1))) {
    if (is_year(word(at + 2)) && is_time(word(at + 3))) return true;
    return is_time(word(at + 2)) && (is_year(word(at + 3)) || is_year(word(at + 4)));
  }
  // 09-Aug-2012 18:39:17
  const std::vector<std::string_view> parts = split(word(at), '-');
  return parts.size() == 3 && is_day(parts[0]) && is_month(parts[1]) && is_year(parts[2]) && is_time(word(at + 1));
}

std::size_t date_at(const std::vector<std::string_view>& words) {
  for (std::size_t at = 0; at < words.size(); ++at)
    if (begins_date(words, at)) return at;
  return words.size();
}

// "ann@example.org", "-", "ann at example.org" (pipermail); how many words it takes, or 0.
std::size_t sender_words(const std::vector<std::string_view>& words) {
  if (words.empty()) return 0;
  if (words[0] == "-" || words[0].find('@') != std::string_view::npos || to_lower(words[0]) == "mailer-daemon")
    return 1;
  const bool is_disguised = words.size() >= 3 && to_lower(words[1]) == "at" &&
                            words[2].find('.') != std::string_view::npos && !words[2].ends_with('.') &&
                            words[2].find(':') == std::string_view::npos;
  return is_disguised ? 3 : 0;
}

bool is_header(std::string_view line) {
  if (line.starts_with(">From ")) return true;  // old mailers kept the former separator
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 100) return false;
  return line.substr(0, colon).find_first_of(" \t") == std::string_view::npos;
}

bool is_folded(std::string_view line) {
  return line.starts_with(' ') || line.starts_with('\t');
}

constexpr std::array<std::string_view, 6> kCore{"from",     "date",        "message-id",
                                                "received", "return-path", "delivered-to"};
constexpr std::array<std::string_view, 17> kUsual{
    "subject", "to",   "cc",    "sender", "reply-to",    "in-reply-to",    "references", "mime-version", "content-type",
    "status",  "path", "lines", "xref",   "envelope-to", "content-length", "list-id",    "newsgroups"};

}  // namespace

Separator separator_of(std::string_view line) {
  if (!line.starts_with(kFrom) && line != "From") return Separator::text;
  const std::vector<std::string_view> words = words_of(line.substr(std::min(line.size(), kFrom.size())));
  const std::size_t sender = sender_words(words), date = date_at(words);
  if (date < words.size())
    // One word before the date may be any: "root", "???".
    return sender > 0 || date == 1 ? Separator::whole : Separator::dated;
  if (sender > 0) {
    // In other languages, or as nobody else writes it.
    const bool has_time = std::any_of(words.begin(), words.end(), is_time);
    const bool has_year = std::any_of(words.begin(), words.end(), is_year);
    if (has_time && has_year) return Separator::whole;
    return words.size() <= sender + 1 ? Separator::bare : Separator::text;
  }
  if (words.size() <= 1) return Separator::bare;
  // A name and an address.
  const bool has_address = words.back().find('@') != std::string_view::npos && words.back().front() == '<';
  return has_address && words.size() <= 6 ? Separator::bare : Separator::text;
}

std::string_view date_of_separator(std::string_view line) {
  if (!line.starts_with(kFrom)) return {};
  const std::vector<std::string_view> words = words_of(line.substr(kFrom.size()));
  const std::size_t date = date_at(words);
  if (date == words.size()) return {};
  return line.substr(static_cast<std::size_t>(words[date].data() - line.data()));
}

bool Splitter::begins_mail(std::string_view text) {
  if (!text.starts_with(kFrom)) return false;
  const bool at_start = trim(mail_).empty() && separator_.empty();
  const Separator kind = separator_of(text);
  // In the middle of text only what has all its parts may be one: some archives lose the empty line.
  if (!at_start && (after_empty_ ? kind == Separator::text : kind != Separator::whole)) return false;
  pending_ = {kind, after_empty_, at_start, separator_.empty(), number_, std::string(text), {}, 0, false};
  has_pending_ = true;
  return true;
}

bool Splitter::is_enough(const Pending& pending) const {
  if (pending.headers.empty()) return false;
  if (pending.at_start) return true;
  if (!pending.after_empty || pending.in_single || pending.kind == Separator::bare)
    return pending.usual >= 2 && pending.has_core;
  return pending.kind == Separator::whole || pending.usual >= 1;
}

void Splitter::take_header(std::string_view text) {
  pending_.headers.emplace_back(text);
  if (is_folded(text)) return;
  const std::string name = to_lower(text.substr(0, text.find(':')));
  const bool is_core = std::find(kCore.begin(), kCore.end(), name) != kCore.end();
  pending_.has_core = pending_.has_core || is_core;
  if (is_core || name.starts_with("x-") || name.starts_with("list-") ||
      std::find(kUsual.begin(), kUsual.end(), name) != kUsual.end())
    ++pending_.usual;
}

void Splitter::settle(bool is_mail) {
  has_pending_ = false;
  const Pending pending = std::move(pending_);
  pending_ = {};
  if (is_mail) {
    give();
    separator_ = pending.separator;
    begin_ = pending.number;
  } else {
    text_line(pending.separator);
  }
  for (const std::string& header : pending.headers) text_line(header);
}

void Splitter::line(std::string_view text) {
  ++number_;
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (number_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (has_pending_) {
    const bool goes_on = is_header(text) || (is_folded(text) && !pending_.headers.empty());
    if (goes_on && pending_.headers.size() < kMostPending) {
      take_header(text);
      if (is_enough(pending_)) settle(true);
      return;
    }
    settle(false);
  }
  if (!begins_mail(text)) text_line(text);
}

void Splitter::text_line(std::string_view text) {
  after_empty_ = text.empty();
  if (text.starts_with('>')) {
    const std::size_t letter = text.find_first_not_of('>');
    if (letter != std::string_view::npos && text.substr(letter).starts_with(kFrom)) text.remove_prefix(1);
  }
  append(text);
}

void Splitter::append(std::string_view text) {
  if (mail_.size() + text.size() + 1 > kLargestMail) {
    cut_ = true;
    return;
  }
  mail_ += text;
  mail_ += '\n';
}

void Splitter::give() {
  if (!trim(mail_).empty()) each_(begin_, separator_, mail_, cut_);
  mail_.clear();
  separator_.clear();
  cut_ = false;
}

void Splitter::finish() {
  if (has_pending_) settle(false);
  give();
  after_empty_ = true;
  number_ = 0;
  begin_ = 1;
}

}  // namespace resident::mail
