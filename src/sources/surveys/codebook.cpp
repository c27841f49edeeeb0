#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/surveys/codebook.hpp>

namespace resident::surveys {

namespace {

constexpr std::string_view kKindNames[] = {"", "single", "likert", "multiple", "text", "number", "ignored"};
const std::vector<std::string> kLayers{"core", "regular", "occasional", "drive-by"};

class Reader {
 public:
  explicit Reader(std::string origin) { book_.origin = std::move(origin); }

  Codebook read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      const std::string name(key.str());
      if (name == "consent")
        book_.consent = text(node, name);
      else if (name == "stratum")
        book_.stratum = text(node, name);
      else if (name == "module")
        book_.module = text(node, name);
      else if (name == "consent_answers")
        book_.consent_answers = texts(node, name);
      else if (name == "strata")
        read_strata(table(node, name));
      else if (name == "modules")
        read_modules(table(node, name));
      else if (name == "margins")
        read_margins(table(node, name));
      else if (name == "questions")
        read_questions(table(node, name));
      else
        refuse(name, "is no key of a codebook",
               near_miss(name, {"consent", "consent_answers", "stratum", "module", "modules", "strata", "margins",
                                "questions"}));
    }
    return std::move(book_);
  }

 private:
  [[noreturn]] void refuse(const std::string& where, const std::string& why, const std::string& hint = {}) const {
    throw Error(ErrorKind::usage, fmt::format("{}: {} {}", one_line(book_.origin), one_line(where), why),
                hint.empty() ? "" : fmt::format("did you mean {}?", hint));
  }
  std::string text(const toml::node& node, const std::string& where) const {
    if (const auto value = node.value<std::string>(); value && node.is_string()) return *value;
    refuse(where, "must be text, in quotes");
  }
  std::vector<std::string> texts(const toml::node& node, const std::string& where) const {
    std::vector<std::string> result;
    if (!node.is_array()) refuse(where, "must be a list of texts");
    for (const toml::node& each : *node.as_array()) result.push_back(text(each, where));
    return result;
  }
  const toml::table& table(const toml::node& node, const std::string& where) const {
    if (!node.is_table()) refuse(where, "must be a table");
    return *node.as_table();
  }
  void read_strata(const toml::table& strata) {
    for (const auto& [answer, node] : strata) {
      const std::string layer = text(node, "strata");
      if (std::find(kLayers.begin(), kLayers.end(), layer) == kLayers.end())
        refuse("strata: " + layer, "is no layer (core, regular, occasional, drive-by)", near_miss(layer, kLayers));
      book_.strata[std::string(answer.str())] = layer;
    }
  }
  void read_modules(const toml::table& modules) {
    for (const auto& [answer, node] : modules) book_.modules[std::string(answer.str())] = text(node, "modules");
  }
  void read_margins(const toml::table& margins) {
    for (const auto& [question, node] : margins)
      for (const auto& [answer, people] : table(node, "margins")) {
        const auto number = people.value<double>();
        if (!number || *number <= 0)
          refuse(fmt::format("margins.{}", question.str()), "must have numbers of people above 0");
        book_.margins[std::string(question.str())][std::string(answer.str())] = *number;
      }
  }
  void read_questions(const toml::table& questions) {
    for (const auto& [code, node] : questions) {
      QuestionRule& rule = book_.questions[std::string(code.str())];
      const std::string where = fmt::format("questions.{}", code.str());
      for (const auto& [key, value] : table(node, where)) {
        const std::string name(key.str());
        if (name == "kind")
          rule.kind = kind(text(value, where + ".kind"), where);
        else if (name == "title")
          rule.title = text(value, where + ".title");
        else if (name == "levels" || name == "options")
          rule.options = texts(value, where + "." + name);
        else if (name == "labels") {
          for (const auto& [from, to] : table(value, where + ".labels"))
            rule.labels[std::string(from.str())] = text(to, where + ".labels");
        } else {
          refuse(where + "." + name, "is no key of a question",
                 near_miss(name, {"kind", "title", "levels", "options", "labels"}));
        }
      }
    }
  }
  Kind kind(const std::string& name, const std::string& where) const {
    std::vector<std::string> names;
    for (std::size_t i = 1; i < std::size(kKindNames); ++i) {
      if (name == kKindNames[i]) return static_cast<Kind>(i);
      names.emplace_back(kKindNames[i]);
    }
    refuse(where, fmt::format("'{}' is no kind (single, likert, multiple, text, number, ignored)", one_line(name)),
           near_miss(name, names));
  }

  Codebook book_;
};

}  // namespace

std::string_view name_of(Kind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

Codebook read_codebook(const std::string& text, const std::string& origin) {
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorKind::usage, fmt::format("{}, line {}: {}", one_line(origin), error.source().begin.line,
                                              std::string(error.description())));
  }
  return Reader(origin).read(root);
}

}  // namespace resident::surveys
