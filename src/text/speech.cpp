#include <algorithm>
#include <base/spoken.hpp>
#include <base/text.hpp>
#include <text/around.hpp>
#include <text/commands.hpp>
#include <text/mail_tail.hpp>
#include <text/notices.hpp>
#include <text/phrases.hpp>
#include <text/speech.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::size_t kMostCode = 4000;  // pieces of code in a post
constexpr std::size_t kGap = 3;          // words that ".." stands for, at most

// A phrase as a list of elements, each a set of words; made once from phrases.cpp.
struct Element {
  std::vector<std::string_view> words;
  bool is_optional = false, is_gap = false;
};

struct Phrase {
  SpeechAct act;
  bool is_anchored = false;
  std::vector<Element> elements;
};

Phrase compile(const PhraseRule& rule) {
  Phrase phrase{rule.act, false, {}};
  for (std::string_view part : split(rule.words, ' ')) {
    if (part == "^") {
      phrase.is_anchored = true;
      continue;
    }
    Element element;
    element.is_gap = part == "..";
    element.is_optional = part.starts_with('(');
    if (element.is_optional) part = part.substr(1, part.size() - 2);
    element.words = split(part, '|');
    phrase.elements.push_back(std::move(element));
  }
  return phrase;
}

class PhraseBook {
 public:
  PhraseBook() {
    for (const PhraseRule& rule : phrase_rules()) phrases_.push_back(compile(rule));
    for (std::size_t i = 0; i < phrases_.size(); ++i)
      for (const Element& element : phrases_[i].elements) {
        for (const auto word : element.words) {
          auto& list = by_first_[word];
          if (list.empty() || list.back() != i) list.push_back(i);
        }
        if (!element.is_optional) break;
      }
  }

  template <class Take>
  void find(const std::vector<Token>& tokens, const Take& take) const {
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      const auto found = by_first_.find(tokens[at].word);
      if (found == by_first_.end()) continue;
      for (const std::size_t index : found->second) {
        const Phrase& phrase = phrases_[index];
        if (phrase.is_anchored && !tokens[at].begins_clause) continue;
        if (const std::size_t end = match(phrase, 0, tokens, at); end != 0) take(phrase.act, at, end);
      }
    }
  }

 private:
  // Where the phrase ends that begins at `at`; 0: it does not.
  static std::size_t match(const Phrase& phrase, std::size_t element, const std::vector<Token>& tokens,
                           std::size_t at) {
    if (element == phrase.elements.size()) return at;
    const Element& wanted = phrase.elements[element];
    if (wanted.is_gap) {
      for (std::size_t skip = 0; skip <= kGap && at + skip <= tokens.size(); ++skip)
        if (const std::size_t end = match(phrase, element + 1, tokens, at + skip); end != 0) return end;
      return 0;
    }
    if (at < tokens.size() &&
        std::find(wanted.words.begin(), wanted.words.end(), tokens[at].word) != wanted.words.end())
      if (const std::size_t end = match(phrase, element + 1, tokens, at + 1); end != 0) return end;
    return wanted.is_optional ? match(phrase, element + 1, tokens, at) : 0;
  }

  std::vector<Phrase> phrases_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_first_;
};

Sentence judge(std::string text, bool is_question) {
  static const PhraseBook book;
  Sentence sentence;
  const auto tokens = tokens_of(text);
  const auto set = [&](SpeechAct act) { sentence.acts |= 1U << static_cast<unsigned>(act); };
  if (is_question) set(SpeechAct::question);
  for (const Token& token : tokens)
    if (token.word.starts_with('@')) {
      // "@cyd's opinion" names cyd.
      const std::string_view login = std::string_view(token.word).substr(1);
      sentence.to.emplace(login.ends_with("'s") ? login.substr(0, login.size() - 2) : login);
    }
  sentence.addresses_alone = !sentence.to.empty() && sentence.to.size() == tokens.size();
  book.find(tokens, [&](SpeechAct act, std::size_t begin, std::size_t end) {
    if (!is_taken_away(act, tokens, begin, end, is_question)) set(act);
  });
  sentence.text = std::move(text);
  return sentence;
}

// A command as a sentence: what it does, and nothing that its words would say to people.
Sentence sentence_of(const MachineCommand& command, std::string text) {
  Sentence sentence;
  const auto set = [&](SpeechAct act) { sentence.acts |= 1U << static_cast<unsigned>(act); };
  set(SpeechAct::command);
  switch (command.act) {
    case CommandAct::other:
      break;
    case CommandAct::approve:
      set(SpeechAct::approve);
      break;
    case CommandAct::take_back:
      set(SpeechAct::take_back);
      break;
    case CommandAct::hold:
      set(SpeechAct::hold);
      break;
    case CommandAct::release:
      set(SpeechAct::release);
      break;
    case CommandAct::to_author:
      set(SpeechAct::request);
      break;
    case CommandAct::to_reviewers:
      set(SpeechAct::done);
      break;
    case CommandAct::call:
      set(SpeechAct::call);
      break;
  }
  sentence.to = command.names;
  sentence.text = std::move(text);
  return sentence;
}

// In place of a piece of code: a letter of the private use area.
std::string code_mark(std::size_t index) {
  std::string mark = "\xEE";
  mark += static_cast<char>(0x80 + (index >> 6));
  mark += static_cast<char>(0x80 + (index & 0x3F));
  return mark;
}

// The text with its pieces of code in their places again.
std::string with_code(std::string_view text, const std::vector<std::string>& code) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t index = text[i] == '\xEE' && i + 2 < text.size()
                                  ? static_cast<std::size_t>((text[i + 1] & 0x3F) << 6 | (text[i + 2] & 0x3F))
                                  : code.size();
    if (index < code.size()) {
      result += code[index];
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

// Where a quotation in "…" ends that begins here, on the same line; 0: none does.
std::size_t quotation_end(std::string_view line, std::size_t at) {
  constexpr std::size_t kLongestQuotation = 300;
  if (line[at] != '"' || (at > 0 && is_spoken_byte(line[at - 1]))) return 0;
  const std::size_t end = line.substr(0, std::min(line.size(), at + kLongestQuotation)).find('"', at + 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

// Marks that are no words: links keep their text, code and bare addresses are set aside, emphasis keeps its inside.
std::string without_marks(std::string_view line, std::vector<std::string>& code) {
  std::string result;
  const auto set_aside = [&](std::string_view piece) {
    if (piece.empty() || code.size() >= kMostCode) return;
    result += code_mark(code.size());
    code.emplace_back(piece);
  };
  for (std::size_t i = 0; i < line.size();) {
    const char c = line[i];
    if (line.substr(i).starts_with("http://") || line.substr(i).starts_with("https://")) {
      const std::size_t begin = i;
      while (i < line.size() && line[i] != ' ' && line[i] != ')' && line[i] != '>' && line[i] != ']') ++i;
      set_aside(line.substr(begin, i - begin));
    } else if (c == ']' && i + 1 < line.size() && line[i + 1] == '(') {
      const std::size_t end = line.find(')', i);
      i = end == std::string_view::npos ? line.size() : end + 1;
    } else if (const std::size_t quoted = quotation_end(line, i); quoted != 0) {
      set_aside(line.substr(i, quoted - i));
      i = quoted;
    } else if (c == '`') {
      // Code says nothing, but stands for a word.
      const std::size_t end = line.find('`', i + 1);
      if (end == std::string_view::npos) {
        ++i;
        continue;
      }
      set_aside(line.substr(i + 1, end - i - 1));
      i = end + 1;
    } else if (c == '*' || c == '[' || c == ']' || c == '~') {
      ++i;
    } else {
      result += c;
      ++i;
    }
  }
  return result;
}

// Signs at a place in the text that may end a sentence.
struct Ending {
  std::size_t length = 0;  // 0: none here
  bool ends = false, is_question = false;
};

Ending ending_at(std::string_view text, std::size_t at) {
  for (const std::string_view mark : {"？", "؟"})
    if (text.substr(at).starts_with(mark)) return {mark.size(), true, true};
  if (text.substr(at).starts_with("。")) return {3, true, false};
  std::size_t end = at;
  Ending ending;
  while (end < text.size() && (text[end] == '.' || text[end] == '?' || text[end] == '!'))
    ending.is_question |= text[end++] == '?';
  if (end == at) return {};
  while (end < text.size() && (text[end] == '"' || text[end] == ')' || text[end] == '\'')) ++end;
  ending.length = end - at;
  ending.ends = end == text.size() || text[end] == ' ';
  if (text[at] == '.' && !ending.is_question) {
    const std::string_view before = text.substr(0, at);
    for (const std::string_view short_form : {"e.g", "i.e", "etc", " vs", "cf", " w.r.t", "approx"})
      if (before.ends_with(short_form)) ending.ends = false;
  }
  return ending;
}

void add_sentences(std::string_view paragraph, std::vector<Sentence>& sentences) {
  std::size_t begin = 0;
  const auto take = [&](std::size_t end, bool is_question) {
    std::string_view text = trim(paragraph.substr(begin, end - begin));
    const std::size_t at = command_begin(text);
    const std::string_view command = at == std::string_view::npos ? text : text.substr(at);
    const auto told = command_of(command);
    if (told) text = trim(text.substr(0, command.data() - text.data()));
    if (std::any_of(text.begin(), text.end(), is_spoken_byte) || (is_question && !told))
      sentences.push_back(judge(std::string(text), is_question && !told));
    if (told) sentences.push_back(sentence_of(*told, std::string(command)));
  };
  for (std::size_t i = 0; i < paragraph.size();) {
    const Ending ending = ending_at(paragraph, i);
    i += std::max<std::size_t>(1, ending.length);
    if (!ending.ends) continue;
    take(i, ending.is_question);
    begin = i;
  }
  take(paragraph.size(), false);
}

bool is_list_item(std::string_view line) {
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ") || line.starts_with("#")) return true;
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  return digits > 0 && digits < 4 && digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')') &&
         line[digits + 1] == ' ';
}

// The line a mail programme puts above what it quotes.
bool introduces_quote(std::string_view line) {
  return line.ends_with("wrote:") || line.ends_with("writes:") || line.starts_with("-----Original Message");
}

constexpr std::uint32_t bits(std::initializer_list<SpeechAct> acts) {
  std::uint32_t result = 0;
  for (const SpeechAct act : acts) result |= 1U << static_cast<unsigned>(act);
  return result;
}

// "- [ ] Do not merge": a task that is not ticked is not so, or not yet.
bool is_unticked(std::string_view line) {
  return line.size() > 5 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line.substr(1, 4) == " [ ]";
}

constexpr std::uint32_t kSaysItIsSo = bits({SpeechAct::hold, SpeechAct::release, SpeechAct::consent, SpeechAct::ack,
                                            SpeechAct::done, SpeechAct::take_back, SpeechAct::gives_up});

constexpr std::uint32_t kAsking = bits({SpeechAct::question, SpeechAct::request, SpeechAct::rebase, SpeechAct::nudge});

}  // namespace

std::string own_words(std::string_view written) {
  std::string unstruck(without_mail_tail(written));
  leave_out_struck(unstruck);
  const std::string_view body = unstruck;
  std::string result;
  std::string_view fence;  // what opened the block of code that we are in
  bool in_comment = false;
  for (std::string_view line : split(body, '\n')) {
    std::string kept;
    while (!line.empty() && fence.empty()) {
      const std::size_t mark = line.find(in_comment ? "-->" : "<!--");
      if (!in_comment) kept += line.substr(0, mark);
      if (mark == std::string_view::npos) break;
      line.remove_prefix(mark + (in_comment ? 3 : 4));
      in_comment = !in_comment;
    }
    const std::string_view text = trim(fence.empty() ? std::string_view(kept) : line);
    if (text.starts_with("```") || text.starts_with("~~~")) {
      const std::string_view mark = text.substr(0, 3);
      if (fence.empty()) {
        // "```code```" on one line is no block.
        const std::size_t length = std::min(text.find_first_not_of(text[0]), text.size());
        if (text.find(mark, length) == std::string_view::npos) fence = mark[0] == '`' ? "```" : "~~~";
      } else if (mark == fence) {
        fence = {};
      }
      continue;
    }
    if (!fence.empty() || text.starts_with(">") || (in_comment && text.empty())) continue;
    result += text;
    result += '\n';
  }
  return result;
}

Speech understand(std::string_view body) {
  Speech speech;
  if (is_stock_notice(body)) {
    // As a command: nothing is said to people.
    speech.sentences.push_back({one_line(clean_text(body.substr(0, 200), 200)), {}, bits({SpeechAct::command}), false});
    return speech;
  }
  const std::string words = own_words(body.substr(0, kReadSpeech));
  std::string paragraph;
  std::vector<std::string> code;
  bool is_task_to_do = false;
  const auto close = [&] {
    const std::size_t before = speech.sentences.size();
    add_sentences(paragraph, speech.sentences);
    for (std::size_t i = before; i < speech.sentences.size() && is_task_to_do; ++i)
      speech.sentences[i].acts &= ~kSaysItIsSo;
    paragraph.clear();
  };
  for (const std::string_view line : split(words, '\n')) {
    const std::string text(trim(without_marks(line, code)));
    if (text.empty() || introduces_quote(text)) {
      close();
      continue;
    }
    if (const auto command = command_of(text)) {
      close();
      speech.sentences.push_back(sentence_of(*command, text));
      continue;
    }
    // Lines wrapped by hand go on in lower case; others stand for themselves.
    const bool goes_on = !paragraph.empty() && !is_list_item(line) && text[0] >= 'a' && text[0] <= 'z';
    if (!goes_on) {
      close();
      is_task_to_do = is_unticked(line);
    }
    paragraph += (paragraph.empty() ? "" : " ") + text;
  }
  close();
  if (!code.empty())
    for (Sentence& sentence : speech.sentences) sentence.text = with_code(sentence.text, code);
  for (const Sentence& sentence : speech.sentences)
    if (!sentence.does(SpeechAct::approve)) speech.mentions.insert(sentence.to.begin(), sentence.to.end());
  return speech;
}

const Sentence* Speech::first(SpeechAct act) const {
  const auto found =
      std::find_if(sentences.begin(), sentences.end(), [&](const Sentence& sentence) { return sentence.does(act); });
  return found == sentences.end() ? nullptr : &*found;
}

bool Speech::asks() const {
  return std::any_of(sentences.begin(), sentences.end(),
                     [](const Sentence& sentence) { return (sentence.acts & kAsking) != 0; });
}

bool Speech::is_silent() const {
  constexpr std::uint32_t kOnlyCommand = 1U << static_cast<unsigned>(SpeechAct::command);
  return std::ranges::all_of(sentences, [](const Sentence& sentence) { return sentence.acts == kOnlyCommand; });
}

bool Speech::consents() const {
  if (does(SpeechAct::approve)) return true;
  return does(SpeechAct::consent) && !does(SpeechAct::reservation) && !asks() && !does(SpeechAct::hold) &&
         !does(SpeechAct::unfinished) && !does(SpeechAct::take_back);
}

std::set<std::string> Speech::asked() const {
  std::set<std::string> result;
  const std::set<std::string>* addressed = nullptr;
  for (const Sentence& sentence : sentences) {
    if (sentence.addresses_alone) addressed = &sentence.to;
    if ((sentence.acts & kAsking) == 0 || sentence.does(SpeechAct::command)) continue;
    if (!sentence.to.empty())
      result.insert(sentence.to.begin(), sentence.to.end());
    else if (addressed)
      result.insert(addressed->begin(), addressed->end());
  }
  return result;
}

bool speaks_only_to_machines(std::string_view body) {
  // Most posts are told by their length or their first line.
  constexpr std::size_t kLongest = 600;
  const std::string_view text = trim(body);
  if (is_stock_notice(text)) return true;
  if (text.empty() || text.size() > kLongest || !command_of(text.substr(0, text.find('\n')))) return false;
  const Speech speech = understand(text);
  return std::ranges::all_of(speech.sentences, [](const Sentence& sentence) {
    return sentence.does(SpeechAct::command) && !sentence.does(SpeechAct::call);
  });
}

bool bot_asks_for_rebase(std::string_view body) {
  const Speech speech = understand(body);
  for (std::size_t i = 0; i < speech.sentences.size() && i < 2; ++i)
    if (speech.sentences[i].does(SpeechAct::rebase)) return true;
  return false;
}

}  // namespace resident
