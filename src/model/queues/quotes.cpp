#include <base/text.hpp>
#include <model/queues/quotes.hpp>
#include <text/speech.hpp>

namespace resident {

namespace {

constexpr std::size_t kShortestQuote = 20;  // bytes by which a quoted line is known

// Letters and digits alone: quoting changes marks and spaces.
std::string squeezed(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
        (c >= 'A' && c <= 'Z'))
      result += c;
  return result;
}

}  // namespace

void Quotes::learn_texts() {
  if (!squeezed_.empty()) return;
  squeezed_body_ = squeezed(std::string_view(item_.body).substr(0, kReadSpeech));
  for (const Entry& entry : item_.entries) {
    const bool has_words =
        entry.kind == EntryKind::comment || entry.kind == EntryKind::inline_comment || entry.kind == EntryKind::review;
    squeezed_.push_back(has_words ? squeezed(own_words(std::string_view(entry.body).substr(0, kReadSpeech)))
                                  : std::string());
  }
}

std::int64_t Quotes::quoted_by(const Entry& entry) {
  for (const std::string_view line : split(entry.body, '\n')) {
    const std::string_view text = trim(line);
    if (!text.starts_with('>') || text.starts_with(">>") || text.starts_with("> >")) continue;
    const std::string quote = squeezed(text);
    if (quote.size() < kShortestQuote) continue;
    learn_texts();
    if (squeezed_body_.find(quote) != std::string::npos) return item_.author;
    for (std::size_t i = 0; i < item_.entries.size() && &item_.entries[i] != &entry; ++i)
      if (squeezed_[i].find(quote) != std::string::npos)
        return item_.entries[i].person ? item_.entries[i].person : kGone;
    return kUnknown;
  }
  return 0;
}

bool Quotes::answers_another(const Entry& entry) {
  if (!trim(entry.body).starts_with('>')) return false;
  const std::int64_t quoted = quoted_by(entry);
  return quoted != 0 && quoted != kUnknown && quoted != item_.author && quoted != entry.person &&
         (quoted != kGone || item_.author != 0);
}

}  // namespace resident
