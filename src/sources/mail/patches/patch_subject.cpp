#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <cctype>
#include <charconv>
#include <optional>
#include <sources/mail/patches/patch_subject.hpp>

namespace resident::mail {

namespace {

constexpr std::size_t kLongestSubject = 2000, kLongestBracket = 120, kMostTrees = 8;
constexpr int kMostParts = 9999;
constexpr std::string_view kSubject = "subject:";

constexpr std::array<std::string_view, 11> kReplies{"re",  "aw", "antw", "sv",   "vs",  "odp",
                                                    "fwd", "fw", "wg",   "答复", "回复"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<int> number_of(std::string_view word) {
  if (word.empty() || word.size() > 4 || !std::all_of(word.begin(), word.end(), is_digit)) return std::nullopt;
  int value = 0;
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value <= kMostParts ? std::optional(value) : std::nullopt;
}

// "v2", "V2", "v2.1", "-v2", "ver2", "version2", "v2:"; the digits before a point count.
std::optional<int> version_of(std::string_view word) {
  while (!word.empty() && (word.front() == '-' || word.front() == '#')) word.remove_prefix(1);
  for (const std::string_view name : {"version", "ver", "v", "rev", "r"}) {
    if (!word.starts_with(name)) continue;
    std::string_view rest = word.substr(name.size());
    if (rest.starts_with('.')) rest.remove_prefix(1);
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0 || digits > 3) continue;
    const std::string_view behind = rest.substr(digits);
    if (!behind.empty() && behind.front() != '.' && behind.front() != ':') continue;
    return number_of(rest.substr(0, digits));
  }
  return std::nullopt;
}

// "re", "re[2]", "re^2", then blanks and a colon: how many bytes; 0: none.
std::size_t reply_prefix(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.find("："));
  if (colon == std::string_view::npos || colon > 16) return 0;
  std::string word = to_lower(trim(text.substr(0, colon)));
  if (const std::size_t counted = word.find_first_of("[^("); counted != std::string::npos) word.resize(counted);
  if (std::find(kReplies.begin(), kReplies.end(), word) == kReplies.end()) return 0;
  return colon + (text[colon] == ':' ? 1 : std::string_view("：").size());
}

class Reader {
 public:
  PatchSubject read(std::string_view text) {
    text = text.substr(0, kLongestSubject);
    for (bool again = true; again;) {
      again = false;
      text = trim(text);
      if (text.size() > kSubject.size() && to_lower(text.substr(0, kSubject.size())) == kSubject) {
        text.remove_prefix(kSubject.size());  // a whole head, pasted into the subject
        again = true;
      } else if (const std::size_t reply = reply_prefix(text); reply > 0) {
        subject_.is_reply = true;
        text.remove_prefix(reply);
        again = true;
      } else if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || end > kLongestBracket) break;
        bracket(text.substr(1, end - 1));
        text.remove_prefix(end + 1);
        again = true;
      }
    }
    if (!subject_.has_number()) subject_.part = subject_.parts = -1;
    subject_.title = joined(text);
    return std::move(subject_);
  }

 private:
  static std::string joined(std::string_view text) {
    std::string result;
    for (const auto part : split(text, ' ')) {
      const std::string_view word = trim(part);
      if (!word.empty()) result.append(result.empty() ? "" : " ").append(word);
    }
    return result;
  }

  void bracket(std::string_view inside) {
    std::string text = to_lower(inside);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == ',' || c == '\t' || c == '(' || c == ')'; }, ' ');
    std::vector<std::string_view> words;
    for (const auto part : split(text, ' '))
      if (!trim(part).empty()) words.push_back(trim(part));
    std::vector<std::string> others;
    bool is_patch = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      // "2 of 7", "v 2".
      if (i + 2 < words.size() && words[i + 1] == "of" && number_of(words[i]) && number_of(words[i + 2])) {
        number(*number_of(words[i]), *number_of(words[i + 2]));
        i += 2;
      } else if (i + 1 < words.size() && words[i] == "v" && number_of(words[i + 1])) {
        version(*number_of(words[++i]));
      } else if (!word(words[i], is_patch)) {
        others.emplace_back(words[i]);
      }
    }
    if (is_patch) subject_.is_patch = true;
    // A list's own bracket has neither a number nor a version.
    if (is_patch || subject_.has_number())
      for (auto& each : others)
        if (subject_.trees.size() < kMostTrees) subject_.trees.push_back(std::move(each));
  }

  // Whether the word is one of those that are known.
  bool word(std::string_view text, bool& is_patch) {
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
      const auto part = number_of(text.substr(0, slash)), parts = number_of(text.substr(slash + 1));
      if (part && parts) return number(*part, *parts), true;
      // "PATCH1/2": no blank before the number.
      constexpr std::string_view kPatch = "patch";
      if (parts && text.starts_with(kPatch))
        if (const auto glued = number_of(text.substr(kPatch.size(), slash - kPatch.size())))
          return number(*glued, *parts), is_patch = true;
      // "PATCH/RFC", "RFC/PATCH", "libc/PATCH": each on its own, where one of them is known.
      PatchSubject before = subject_;
      const bool first = word(text.substr(0, slash), is_patch), second = word(text.substr(slash + 1), is_patch);
      if (!first && !second) subject_ = std::move(before);
      return first || second;
    }
    if (text == "rfc" || text == "rft") return subject_.is_rfc = is_patch = true;
    if (text == "resend" || text == "resent" || text == "repost" || text == "re-send") return subject_.is_resend = true;
    if (text == "pull") return subject_.is_pull_request = true;
    if (text == "git" || text == "request") return true;
    // People type it as they can: "COMMITED", "COMITTED".
    if (text.starts_with("commit") || text.starts_with("comit") || text == "applied" || text == "pushed")
      return subject_.is_for_record = true;
    for (const std::string_view name : {"patches", "patch", "rfcpatch", "rfc"})
      if (text.starts_with(name)) {
        std::string_view rest = text.substr(name.size());
        while (!rest.empty() && (rest.front() == '-' || rest.front() == '_' || rest.front() == ':'))
          rest.remove_prefix(1);
        const auto told = rest.empty() ? std::nullopt : version_of(rest);
        if (!rest.empty() && !told) continue;
        if (told) version(*told);
        if (name.starts_with("rfc")) subject_.is_rfc = true;
        return is_patch = true;
      }
    if (const auto told = version_of(text)) return version(*told), true;
    return false;
  }

  void number(int part, int parts) {
    // "[PATCH 0/0]" and "[PATCH 5/3]" are written by hand and mean no part.
    if (parts == 0 || part > parts || subject_.has_number()) return;
    subject_.part = part;
    subject_.parts = parts;
  }

  void version(int number) {
    if (subject_.tells_version || number < 1) return;
    subject_.version = number;
    subject_.tells_version = true;
  }

  PatchSubject subject_;
};

}  // namespace

std::string PatchSubject::stable_tree() const {
  for (const std::string& word : trees) {
    if (word.find("stable") != std::string::npos || word == "lts" || word.ends_with(".y")) return word;
    // "5.10", "linux-5.10", "v4.19", "for-3.4": a number with a point, perhaps behind letters.
    const std::size_t digit = word.find_first_of("0123456789");
    if (digit == std::string::npos) continue;
    const std::string_view number = std::string_view(word).substr(digit);
    const std::size_t point = number.find('.');
    if (point == std::string_view::npos || point + 1 == number.size()) continue;
    if (std::all_of(number.begin(), number.end(), [](char c) { return is_digit(c) || c == '.' || c == 'x'; }))
      return word;
  }
  return {};
}

PatchSubject parse_patch_subject(std::string_view subject) {
  return Reader().read(subject);
}

std::string title_key(std::string_view title) {
  std::string key;
  bool is_gap = false;
  for (const char c : title) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80) {
      if (is_gap && !key.empty()) key += ' ';
      is_gap = false;
      key += byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
    } else {
      is_gap = true;
    }
  }
  return key;
}

}  // namespace resident::mail
