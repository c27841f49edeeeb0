#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <text/mail_tail.hpp>

namespace resident {

namespace {

constexpr std::size_t kHeaderLines = 6;  // within so many lines stand the fields of a quoted head

// Without the marks that make it bold or a list: "*From:* Ada" is "From: Ada".
std::string plain(std::string_view line) {
  std::string text;
  for (const char c : trim(line))
    if (c != '*' && c != '_') text += c;
  return to_lower(trim(text));
}

template <std::size_t Size>
bool begins_with_one(std::string_view line, const std::array<std::string_view, Size>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return line.starts_with(word); });
}

// "-----Original Message-----", "---------- Forwarded message ---------", with any dashes.
bool is_divider(std::string_view line) {
  static constexpr std::array<std::string_view, 6> kWords{"original message",   "forwarded message",
                                                          "original-nachricht", "ursprüngliche nachricht",
                                                          "message d'origine",  "mensaje original"};
  const std::string text = to_lower(trim(line));
  if (!text.starts_with("--") && !text.starts_with("‐") && !text.starts_with("—")) return false;
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool is_footer(std::string_view line) {
  static constexpr std::array<std::string_view, 3> kFooters{"reply to this email directly,",
                                                            "you are receiving this because you",
                                                            "you're receiving this email because of your account on"};
  return begins_with_one(plain(line), kFooters);
}

// "From: …" with two of the other fields in the lines below.
bool is_head(const std::vector<std::string_view>& lines, std::size_t at) {
  static constexpr std::array<std::string_view, 4> kFrom{"from:", "von:", "de :", "de:"};
  static constexpr std::array<std::string_view, 5> kDate{"sent:", "date:", "gesendet:", "envoyé", "enviado"};
  static constexpr std::array<std::string_view, 4> kTo{"to:", "an:", "à :", "para:"};
  static constexpr std::array<std::string_view, 4> kSubject{"subject:", "betreff:", "objet", "asunto:"};
  if (!begins_with_one(plain(lines[at]), kFrom)) return false;
  bool date = false, to = false, subject = false;
  for (std::size_t i = at + 1; i < lines.size() && i <= at + kHeaderLines; ++i) {
    const std::string line = plain(lines[i]);
    date |= begins_with_one(line, kDate);
    to |= begins_with_one(line, kTo);
    subject |= begins_with_one(line, kSubject);
  }
  return date + to + subject >= 2;
}

// "On Mon, Jan 1, 2024 at 3:04 PM Ada <ada@…> wrote:" without a quoted line below it.
bool is_introduction(const std::vector<std::string_view>& lines, std::size_t at) {
  std::string line = plain(lines[at]);
  if (!line.starts_with("on ")) return false;
  std::size_t next = at + 1;
  // Mail programmes break it.
  if (!line.ends_with("wrote:") && next < lines.size()) line += " " + plain(lines[next++]);
  const bool has_address = line.find('@') != std::string::npos;  // GitHub masks it: "***@***.***" is "@." here
  if (!line.ends_with("wrote:") || !has_address || line.find_first_of("0123456789") == std::string::npos) return false;
  return std::none_of(lines.begin() + static_cast<std::ptrdiff_t>(next), lines.end(),
                      [](std::string_view each) { return trim(each).starts_with('>'); });
}

}  // namespace

std::string_view without_mail_tail(std::string_view body) {
  // Almost all posts have none of it.
  if (body.find("rote:") == std::string_view::npos && body.find("essage") == std::string_view::npos &&
      body.find("achricht") == std::string_view::npos && body.find("eceiving this") == std::string_view::npos &&
      body.find("mail directly") == std::string_view::npos && body.find("ubject:") == std::string_view::npos &&
      body.find("etreff:") == std::string_view::npos && body.find("bjet") == std::string_view::npos &&
      body.find("sunto:") == std::string_view::npos && body.find("ensaje") == std::string_view::npos)
    return body;
  const auto lines = split(body, '\n');
  bool in_code = false, is_above = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view text = trim(lines[i]);
    if (text.starts_with("```") || text.starts_with("~~~")) in_code = !in_code;
    if (in_code) continue;
    if (is_above && (is_divider(text) || is_footer(text) || is_head(lines, i) || is_introduction(lines, i)))
      return body.substr(0, static_cast<std::size_t>(lines[i].data() - body.data()));
    is_above = is_above || (!text.empty() && !text.starts_with('>'));
  }
  return body;
}

}  // namespace resident
