#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cmath>
#include <deque>
#include <learn/labels/features.hpp>
#include <text/tokens.hpp>
#include <unordered_map>

namespace resident::labels {

namespace {

using Take = std::function<void(View, std::uint64_t, const std::string&)>;

constexpr std::size_t kMostText = 20000;  // bytes of a text that are read
constexpr std::size_t kMostWords = 250;   // of the body: what it is about stands early
constexpr std::size_t kOpeningWords = 40;
constexpr std::size_t kTitleWords = 60;
constexpr std::size_t kPhraseText = 6000;  // bytes that phrases are looked for in
constexpr std::size_t kOpening = 400;      // bytes that count as the text's opening
constexpr std::size_t kRemarks = 20, kRemarkWords = 6;
constexpr std::size_t kHeadings = 60, kHeadingLength = 40;

struct Phrase {
  const char* name;
  Pattern pattern;
};

// What people write when they report, wish and ask, in English.
const std::deque<Phrase>& phrase_list() {
  static const auto* list = [] {
    static const std::pair<const char*, const char*> sources[] = {
        {"crash",
         R"(\b(crash|segfault|segmentation fault|hang|hangs|freez\w*|stuck|deadlock|core dump|assert(ion)?( failed| failure)?|abort(ed)?|leak)\b)"},
        {"failure",
         R"(\b(fail(s|ed|ing|ure)?|broken|breaks?|does ?n[o']t work|not work(ing)?|stopped working|no longer works?|wrong(ly)?|incorrect(ly)?|unexpected(ly)?|missing|invalid|bug(gy)?|glitch\w*|corrupt\w*|lost|disappear\w*)\b)"},
        {"error", R"(\b(error|exception|traceback|stack ?trace|warning|undefined reference|panic)\b)"},
        {"how to reproduce", R"(\b(steps to reproduce|to reproduce|reproduc\w+|repro)\b)"},
        {"expected and actual", R"(\b(expected|actual) (behaviou?r|result|output))"},
        {"worked before",
         R"(\b(regression|used to work|worked (in|on|before|fine)|since (upgrad|updat|version)\w*|after (upgrad|updat)\w*|previous version)\b)"},
        {"cannot", R"(\b(can ?n[o']t|cannot|unable|could n[o']t|won'?t|doesn'?t|don'?t|isn'?t|never)\b)"},
        {"request",
         R"(\b(feature request|feature|enhancement|proposal|propose|suggest(ion|ed)?|rfc|wish(list)?|request)\b)"},
        {"opens with what to do",
         R"(^\W*(\[?\w+\]?:? )?(add|support|allow|implement|provide|introduce|enable|make|expose|improve|extend|create|option|ability|consider|include|replace|remove|use|show)\b)"},
        {"would be nice",
         R"((would|could|it'?d) be (nice|great|good|useful|helpful|cool|better|awesome|handy|convenient|beneficial|amazing)\b)"},
        {"wish",
         R"(\b(i('d| would) (like|love|propose|suggest)|please (add|support|make|allow|implement|provide|consider)|should (be able|support|allow|have|provide)|add(ing)? (support|an? option|ability)|support for|is there (any )?plan|use case|motivation|alternatives|workaround|ability to|option to|currently|instead of|in order to|so that)\b)"},
        {"question word",
         R"(\b(how (to|do|does|can|should|would|about)|what (is|are|does|do|should)|why (is|are|does|do|did|not)|where|which|when (is|will|does)|who)\b)"},
        {"opens as a question",
         R"(^\W*(question|how|what|why|where|which|when|is|are|can|could|does|do|should|any|help|need|i )\b)"},
        {"asks",
         R"(\b(question|wonder(ing)?|is it possible|is there (a|any) way|am i|anyone|help|advice|confus\w+|understand|explain|clarif\w+|documentation|doc|docs|tutorial|example|guide|thanks|thank you|please help|stack ?overflow|i want to|i am trying|i'm trying|i need|could you|can i|tell me|let me know|correct way|best way|does anyone|looking for)\b)"},
        {"greets", R"(^\s*(hi|hello|hey|dear|good (morning|evening))\b)"},
    };
    auto* result = new std::deque<Phrase>;
    for (const auto& [name, source] : sources)
      result->push_back({name, Pattern(fmt::format("(?m){}", source), Pattern::Letters::any_case)});
    return result;
  }();
  return *list;
}

int count_of(const Pattern& pattern, std::string_view text, int most) {
  std::string_view rest(text);
  int count = 0;
  while (count < most && pattern.find_next(rest)) ++count;
  return count;
}

// Words as they are used, "?" and "!" among them; small words too, since "how to" tells much.
// shown: takes the form in which each word was first met.
std::vector<std::string> words_of(std::string_view text, std::size_t most,
                                  std::unordered_map<std::string, std::string>* shown = nullptr) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (word.empty()) return;
    const bool is_number = word[0] >= '0' && word[0] <= '9';
    words.push_back(is_number || word.size() < 4 ? word : word_stem(word));
    if (shown) shown->emplace(words.back(), word);
    word.clear();
  };
  for (const char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z', is_digit = c >= '0' && c <= '9';
    const bool is_letter = is_upper || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    if (!word.empty() && (word[0] >= '0' && word[0] <= '9') != is_digit && (is_digit || is_letter)) finish();
    if (is_letter || is_digit) {
      word += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else {
      if (c == '\'' && !word.empty()) continue;  // don't, it's
      finish();
      if (c == '?' || c == '!') words.emplace_back(1, c);
    }
    if (words.size() >= most) break;
  }
  finish();
  if (words.size() > most) words.resize(most);
  return words;
}

class Describer {
 public:
  Describer(std::string_view title, std::string_view body, const Take& take)
      : title_(title.substr(0, 1000)), body_(body.substr(0, kMostText)), take_(take) {}

  void run() {
    std::string prose = body_;
    const int code_blocks = count_of(kFence(), prose, 6) / 2;
    static const Pattern fenced("(?s)```.*?(```|$)"), comment("(?s)<!--.*?(-->|$)"), address(R"(https?://\S+)"),
        reference(R"(#\d+\b)");
    const std::size_t template_words = template_remarks(prose);
    comment.replace_all(prose, " ");
    std::string code, block;
    std::string_view rest(prose);
    static const Pattern inside_fence("(?s)```(.*?)(?:```|$)");
    while (inside_fence.find_next(rest, &block)) code += block + "\n";
    fenced.replace_all(prose, " codeblock ");
    const std::string with_addresses = prose;
    address.replace_all(prose, " webaddress ");
    reference.replace_all(prose, " itemreference ");
    const auto title = words_of(title_, kTitleWords, &shown_), body = words_of(prose, kMostWords, &shown_);
    words(title_words, title, true);
    words(body_words, body, false);
    for (const auto& word : title) add(all_words, word);
    for (const auto& word : body) add(all_words, word);
    words(opening_words,
          {body.begin(), body.begin() + static_cast<std::ptrdiff_t>(std::min(kOpeningWords, body.size()))}, true);
    for (const auto& word : words_of(code, kMostWords, &shown_)) add(code_words, word);
    const std::size_t heading_count = template_headings() + template_words;
    pieces();
    shape_of(title, body, prose, code_blocks, heading_count);
    phrases_in(with_addresses);
  }

 private:
  static const Pattern& kFence() {
    static const Pattern fence("```");
    return fence;
  }

  void add(View view, const std::string& text) {
    const bool is_words = view == title_words || view == body_words || view == opening_words || view == code_words;
    take_(view, XXH3_64bits(text.data(), text.size()), is_words ? as_written(text) : text);
  }

  // Stems as somebody wrote them; "how…" begins the text, "…is" ends it.
  std::string as_written(const std::string& stems) const {
    std::string result;
    for (const auto word : split(stems, ' ')) {
      if (word == "^") continue;
      if (word == "$") {
        result = "…" + result;
        continue;
      }
      const auto found = shown_.find(std::string(word));
      result += (result.empty() ? "" : " ") + (found == shown_.end() ? std::string(word) : found->second);
    }
    return stems.starts_with("^ ") ? result + "…" : result;
  }

  void words(View view, const std::vector<std::string>& list, bool with_ends) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      add(view, list[i]);
      if (i > 0 || with_ends) add(view, (i > 0 ? list[i - 1] : "^") + " " + list[i]);
    }
    if (with_ends && !list.empty()) add(view, list.back() + " $");
  }

  // What the project's template says in comments that nobody sees: it tells which template was chosen.
  std::size_t template_remarks(const std::string& text) {
    static const Pattern remark("(?s)<!--(.*?)(?:-->|$)");
    std::string_view rest(text);
    std::string inside;
    std::size_t count = 0;
    while (count < kRemarks && remark.find_next(rest, &inside)) {
      ++count;
      std::string line;
      for (const auto& word : words_of(inside, kRemarkWords)) line += " " + word;
      add(headings, "remark" + line);
      for (const auto each : split(inside, ' '))
        if (const auto name = trim(each); name.find('_') != std::string::npos && name.size() < 60)
          add(headings, "remark " + to_lower(name));
    }
    return count;
  }

  std::size_t template_headings() {
    static const Pattern heading(
        R"(^(?:#+\s*(.+)|\*\*(.{2,60}?)\*\*.*|([A-Z][\w \-/']{2,50}):\s*|- \[.\] (.{3,60}).*)$)");
    std::size_t count = 0;
    for (const auto line : split(body_, '\n')) {
      const auto text = trim(line);
      std::string found[4];
      if (text.size() > 300 || count >= kHeadings || !heading.matches(text, &found[0], &found[1], &found[2], &found[3]))
        continue;
      std::string name;
      for (const auto& each : found)
        if (!each.empty()) {
          for (const char c : to_lower(each)) {
            const bool is_word =
                (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
            if (is_word)
              name += c;
            else if (!name.empty() && name.back() != ' ')
              name += ' ';
          }
          break;
        }
      name = std::string(trim(name)).substr(0, kHeadingLength);
      if (name.empty()) continue;
      add(headings, name);
      ++count;
    }
    return count;
  }

  void pieces() {
    std::string title = " ";
    for (const char c : to_lower(title_))
      if (c != ' ' || title.back() != ' ') title += c;
    title += ' ';
    for (std::size_t length = 3; length <= 5; ++length)
      for (std::size_t i = 0; i + length <= title.size(); ++i) add(title_pieces, title.substr(i, length));
  }

  void shape_of(const std::vector<std::string>& title, const std::vector<std::string>& body, const std::string& prose,
                int code_blocks, std::size_t heading_count) {
    static const Pattern trace(R"(Traceback|Exception|error:|Error:|panic|Segmentation|at .*\(.*:\d+)"),
        picture(R"(!\[|<img)"), steps(R"((?m)^\s*1[.)] )"), prefix(R"(^\s*[\[(]?(\w+)[\])]?:?)");
    add(shape, fmt::format("{} code blocks", std::min(code_blocks, 3)));
    add(shape,
        fmt::format("length of the text 2^{}", static_cast<int>(std::log2(1.0 + static_cast<double>(body_.size())))));
    add(shape,
        fmt::format("{} question marks", std::min<std::ptrdiff_t>(3, std::count(prose.begin(), prose.end(), '?'))));
    add(shape, title_.find('?') != std::string::npos ? "the title asks" : "the title does not ask");
    add(shape, fmt::format("{} words in the title", std::min<std::size_t>(10, title.size())));
    add(shape, "title begins " + (title.empty() ? std::string() : title.front()));
    std::string first;
    const std::string lower = to_lower(title_);
    if (prefix.found_in(lower, &first)) add(shape, "title's prefix " + first);
    add(shape, trace.found_in(body_) ? "a trace or an error message" : "no trace");
    add(shape, picture.found_in(body_) ? "a picture" : "no picture");
    add(shape, steps.found_in(body_) ? "numbered steps" : "no numbered steps");
    add(shape, heading_count ? "has headings" : "no headings");
    const std::size_t two = std::min<std::size_t>(2, body.size());
    std::string begin, end;
    for (std::size_t i = 0; i < two; ++i) begin += " " + body[i], end += " " + body[body.size() - two + i];
    add(shape, "text begins" + begin);
    add(shape, "text ends" + end);
  }

  void phrases_in(const std::string& text) {
    const std::string_view whole = std::string_view(text).substr(0, kPhraseText);
    const std::string_view opening = whole.substr(0, kOpening);
    for (const Phrase& phrase : phrase_list()) {
      const char* const name = phrase.name;
      const Pattern& pattern = phrase.pattern;
      if (pattern.found_in(title_)) add(phrases, fmt::format("“{}” in the title", name));
      const int count = count_of(pattern, whole, 3);
      if (count > 0) add(phrases, fmt::format("“{}” in the text", name));
      if (count > 2) add(phrases, fmt::format("“{}” three times", name));
      if (pattern.found_in(opening)) add(phrases, fmt::format("“{}” at the beginning", name));
    }
  }

  std::string title_, body_;
  std::unordered_map<std::string, std::string> shown_;  // words by their stems
  const Take& take_;
};

}  // namespace

void for_each_feature(std::string_view title, std::string_view body, const Take& take) {
  Describer(title, body, take).run();
}

Features features_of(std::string_view title, std::string_view body) {
  Features features;
  for_each_feature(title, body,
                   [&](View view, std::uint64_t hash, const std::string&) { features.of[view].push_back(hash); });
  return features;
}

}  // namespace resident::labels
