#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/jira/jira_text.hpp>

namespace resident::jira {

namespace {

using json::Element;
using json::Object;

constexpr int kDeepest = 50;
constexpr std::size_t kLongest = 1 << 20;

// One document while it becomes text.
class Document {
 public:
  std::string take(const Element& root) {
    node(root, 0);
    return std::string(trim(text_));
  }

 private:
  void children(const Object& object, int depth) {
    if (const auto content = object.array("content"))
      for (const Element each : *content) node(each, depth + 1);
  }

  void node(const Element& element, int depth) {
    if (depth > kDeepest || text_.size() > kLongest || !element.is_object()) return;
    const Object object(element, "node");
    const std::string type = object.text("type");
    if (type == "text") return words(object);
    if (type == "hardBreak") return void(text_ += "\n");
    if (type == "rule") return paragraph("---");
    if (const auto attributes = object.object("attrs")) {
      // "@Ann Arden" as it was when it was written.
      if (type == "mention") return void(text_ += attributes->text("text"));
      if (type == "emoji") {
        const std::string sign = attributes->text("text");
        return void(text_ += sign.empty() ? attributes->text("shortName") : sign);
      }
      if (type == "status") return void(text_ += "[" + attributes->text("text") + "]");
      if (type == "inlineCard" || type == "blockCard" || type == "embedCard") {
        text_ += attributes->text("url");
        if (type != "inlineCard") text_ += "\n\n";
        return;
      }
    }
    if (type == "codeBlock") return fenced(object, depth);
    if (type == "blockquote" || type == "panel") return quoted(object, depth, type == "blockquote" ? "> " : "");
    if (type == "listItem" || type == "taskItem") return quoted(object, depth, "- ", "  ");
    children(object, depth);
    if (type == "paragraph" || type == "heading" || type == "tableRow" || type.ends_with("List")) text_ += "\n\n";
    if (type == "tableCell" || type == "tableHeader") {
      while (text_.ends_with('\n')) text_.pop_back();
      text_ += " | ";
    }
  }

  void words(const Object& object) {
    std::string words = object.text("text");
    std::string link;
    bool is_code = false;
    if (const auto marks = object.array("marks"))
      for (const Element each : *marks) {
        const Object mark(each, "mark");
        if (mark.text("type") == "code") is_code = true;
        if (const auto attributes = mark.object("attrs"); attributes && mark.text("type") == "link")
          link = attributes->text("href");
      }
    if (is_code) words = "`" + words + "`";
    text_ += words;
    if (!link.empty() && link != words) text_ += " <" + link + ">";
  }

  void paragraph(std::string_view words) {
    text_ += words;
    text_ += "\n\n";
  }

  std::string inner(const Object& object, int depth) {
    const std::string outer = std::move(text_);
    text_.clear();
    children(object, depth);
    std::string inside(trim(text_));
    text_ = outer;
    return inside;
  }

  void fenced(const Object& object, int depth) { paragraph("```\n" + inner(object, depth) + "\n```"); }

  void quoted(const Object& object, int depth, const std::string& first, const std::string& later = "> ") {
    const std::string inside = inner(object, depth);
    bool is_first = true;
    for (const std::string_view line : split(inside, '\n')) {
      if (line.empty() && first != "> ") continue;
      text_ += (is_first || first == "> " ? first : first.empty() ? std::string() : later) + std::string(line) + "\n";
      is_first = false;
    }
    if (first != "- ") text_ += "\n";
  }

  std::string text_;
};

}  // namespace

std::string text_of_document(const Element& document) {
  return Document().take(document);
}

// Blocks first, since nothing inside of code is markup.
std::string text_of_wiki(std::string_view wiki) {
  static const Pattern fence(R"(\{(?:code|noformat)(?::[^}\n]*)?\})"), quote(R"(\{quote\})"),
      heading(R"(^h[1-6]\.\s+)"), person(R"(\[~(?:accountid:)?([^\]\s]+)\])"),
      link(R"(\[([^\]|\n]+)\|([^\]\s|]+)(?:\|[^\]]*)?\])"), short_quote(R"(^bq\.\s+)"),
      colour(R"(\{color(?::[^}\n]*)?\})");
  std::string result;
  bool in_code = false, in_quote = false;
  for (const std::string_view raw : split(wiki.substr(0, kLongest), '\n')) {
    std::string line(raw.ends_with('\r') ? raw.substr(0, raw.size() - 1) : raw);
    // A fence may stand in the middle of a line; what is before and behind it are lines of their own then.
    std::string_view rest = line;
    std::vector<std::string> pieces;
    std::size_t fences = 0;
    for (;;) {
      const std::string_view before = rest;
      if (!fence.find_next(rest)) break;
      const std::string_view taken = before.substr(0, before.size() - rest.size());
      pieces.emplace_back(taken.substr(0, taken.rfind('{')));
      ++fences;
    }
    pieces.emplace_back(rest);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      std::string& piece = pieces[i];
      if (i > 0) {
        in_code = !in_code;
        result += "```\n";
      }
      if (piece.empty() && fences > 0) continue;
      if (!in_code) {
        const bool was_quoted = in_quote;
        const std::size_t marks = quote.replace_all(piece, "");
        if (marks % 2 == 1) in_quote = !in_quote;
        colour.replace_all(piece, "");
        heading.replace_all(piece, "");
        const bool is_quoted = was_quoted || marks > 0 || short_quote.found_in(piece);
        short_quote.replace_all(piece, "");
        person.replace_all(piece, "@\\1");
        link.replace_all(piece, "\\1 <\\2>");
        if (is_quoted && !trim(piece).empty()) piece.insert(0, "> ");
      }
      result += piece + "\n";
    }
  }
  if (in_code) result += "```\n";
  return std::string(trim(result));
}

std::string text_of(const Object& object, std::string_view key) {
  const auto element = object.element(key);
  if (!element) return {};
  if (element->is_object()) return text_of_document(*element);
  return text_of_wiki(object.text(key));
}

}  // namespace resident::jira
