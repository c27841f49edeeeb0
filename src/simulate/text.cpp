#include "simulate/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "simulate/phrases.hpp"
#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

// Replaces {x} by what x stands for in the topic; a form has no other braces.
class Writer {
 public:
  Writer(const Topic& topic, std::uint64_t seed, std::int64_t reference = 0)
      : topic_(topic), module_(modules()[topic.module]), random_(seed), reference_(reference) {}

  Random& random() { return random_; }

  void add(std::string_view form) {
    for (std::size_t open = form.find('{'); open != std::string_view::npos; open = form.find('{')) {
      out_.append(form.substr(0, open));
      word(form[open + 1]);
      form.remove_prefix(open + 3);
    }
    out_.append(form);
  }
  void add_one(const phrases::List& list) { add(random_.pick(list)); }
  void paragraph(std::string_view form) {
    if (!out_.empty()) out_ += "\n\n";
    add(form);
  }
  void paragraph_of(const phrases::List& list) { paragraph(random_.pick(list)); }
  std::string take() { return std::move(out_); }
  // Some people do not care for capitals, dots or their spelling.
  std::string take_careless() {
    if (random_.chance(0.12) && !out_.empty())
      out_[0] = static_cast<char>(out_[0] >= 'A' && out_[0] <= 'Z' ? out_[0] + 32 : out_[0]);
    if (random_.chance(0.05) && out_.size() > 12) {
      const std::size_t at = 2 + random_.below(out_.size() - 6);
      const auto plain = [&](std::size_t i) { return out_[i] >= 'a' && out_[i] <= 'z'; };
      if (plain(at) && plain(at + 1)) std::swap(out_[at], out_[at + 1]);
    }
    return take();
  }

 private:
  void word(char key) {
    switch (key) {
      case 'm':
        out_ += module_.name;
        break;
      case 'n':
        out_ += module_.nouns[topic_.noun];
        break;
      case 'o':
        out_ += module_.nouns[topic_.other];
        break;
      case 'f':
        out_ += function_name(topic_);
        break;
      case 'w':
        out_ += verbs()[topic_.verb];
        break;
      case 'e':
        out_ += errors()[topic_.error];
        break;
      case 'c':
        add(conditions()[topic_.condition]);
        break;
      case 'p':
        out_ += platforms()[topic_.platform];
        break;
      case 'v':
        out_ += fmt::format("1.{}", topic_.minor);
        break;
      case 'u':
        out_ += topic_.minor > 0 ? fmt::format("1.{}", topic_.minor - 1) : "0.9";
        break;
      case 'd':
        out_ += module_.kind == ModuleKind::docs ? module_.nouns[topic_.noun] : module_.name;
        break;
      case 'r':
        out_ += std::to_string(2 + random_.below(400));
        break;
      case 'h':
        out_ += fmt::format("{:x}", random_.next() >> 36);
        break;
      case 'i':
        out_ += fmt::format("#{}", reference_);
        break;
      case 'j':
        out_ += kProjectName;
        break;
      default:
        out_ += key;
    }
  }

  const Topic& topic_;
  const Module& module_;
  Random random_;
  std::int64_t reference_;
  std::string out_;
};

const phrases::List& title_forms(const Topic& topic, IssueType type) {
  switch (type) {
    case IssueType::feature:
      return phrases::feature_titles();
    case IssueType::question:
      return phrases::question_titles();
    case IssueType::documentation:
      return phrases::documentation_titles();
    default:
      return phrases::bug_titles()[topic.symptom];
  }
}

void add_code(Writer& writer) {
  writer.paragraph("```python\nfrom {j} import {m}\n\n{n} = {m}.{n}()\n");
  const std::size_t lines = 1 + writer.random().below(3);
  for (std::size_t i = 0; i < lines; ++i) writer.add_one(phrases::code_lines());
  writer.add("{m}.{f}({n})\n```");
}

void add_traceback(Writer& writer) {
  writer.paragraph(
      "```\nTraceback (most recent call last):\n  File \"demo.py\", line {r}, in <module>\n    {m}.{f}({n})\n"
      "  File \"{j}/{m}/{n}.py\", line {r}, in {f}\n    return _{w}({n}, strict=True)\n");
  if (writer.random().chance(0.6)) writer.add("  File \"{j}/{m}/{o}.py\", line {r}, in _{w}\n    raise {e}(message)\n");
  writer.add("{e}: ");
  writer.add_one(phrases::error_messages());
  writer.add("\n```");
}

}  // namespace

Topic make_topic(std::uint8_t module, int minor, Random& random) {
  const auto draw = [&](std::size_t count) { return static_cast<std::uint8_t>(random.below(count)); };
  Topic topic;
  topic.module = module;
  // Some files are worked on far more than others.
  topic.noun = std::min(draw(kNounsPerModule), draw(kNounsPerModule));
  topic.other = static_cast<std::uint8_t>((topic.noun + 1 + draw(kNounsPerModule - 1)) % kNounsPerModule);
  topic.verb = draw(verbs().size());
  topic.symptom = draw(phrases::bug_titles().size());
  topic.error = draw(errors().size());
  topic.condition = draw(conditions().size());
  topic.platform = draw(platforms().size());
  topic.minor = static_cast<std::uint8_t>(random.chance(0.8) || minor == 0 ? minor : minor - 1);
  return topic;
}

std::string function_name(const Topic& topic) {
  return fmt::format("{}_{}", verbs()[topic.verb], modules()[topic.module].nouns[topic.noun]);
}

std::string issue_title(const Topic& topic, IssueType type, std::uint64_t seed) {
  Writer writer(topic, mix(seed, 1));
  if (writer.random().chance(0.1)) writer.add(writer.random().chance(0.5) ? "[{m}] " : "{m}: ");
  writer.add_one(title_forms(topic, type));
  return writer.take_careless();
}

std::string issue_body(const Topic& topic, IssueType type, std::uint64_t seed) {
  Writer writer(topic, mix(seed, 2));
  Random& random = writer.random();
  if (random.chance(0.02)) return {};
  switch (type) {
    case IssueType::bug:
      writer.paragraph_of(phrases::bug_openings());
      if (random.chance(0.35)) writer.paragraph("### Steps to reproduce");
      if (random.chance(0.75)) add_code(writer);
      if (topic.symptom < phrases::kSymptomsWithTraceback && random.chance(0.8)) add_traceback(writer);
      if (random.chance(0.6)) writer.paragraph_of(phrases::expectations());
      if (random.chance(0.4)) writer.paragraph_of(phrases::suspicions());
      if (random.chance(0.7)) writer.paragraph_of(phrases::environments());
      break;
    case IssueType::feature:
      writer.paragraph_of(phrases::feature_openings());
      if (random.chance(0.7)) writer.paragraph_of(phrases::motivations());
      if (random.chance(0.5)) add_code(writer);
      if (random.chance(0.5)) writer.paragraph_of(phrases::alternatives());
      break;
    case IssueType::question:
      writer.paragraph_of(phrases::question_openings());
      if (random.chance(0.6)) add_code(writer);
      if (random.chance(0.4)) writer.paragraph_of(phrases::environments());
      break;
    case IssueType::documentation:
      writer.paragraph_of(phrases::documentation_openings());
      if (random.chance(0.5)) writer.paragraph_of(phrases::expectations());
  }
  return writer.take();
}

std::string pull_title(const Topic& topic, PullType type, std::uint64_t seed) {
  Writer writer(topic, mix(seed, 1));
  switch (type) {
    case PullType::fix:
      writer.add_one(phrases::fix_titles());
      break;
    case PullType::feature:
      writer.add_one(phrases::feature_pull_titles());
      break;
    case PullType::documentation:
      writer.add_one(phrases::documentation_pull_titles());
      break;
    case PullType::refactoring:
      writer.add_one(phrases::refactoring_titles());
      break;
    case PullType::test:
      writer.add_one(phrases::test_titles());
      break;
    default:
      writer.add("Bump {o}-utils from 2.{r} to 3.{r} in /{m}");
      return writer.take();
  }
  return writer.take_careless();
}

std::string pull_body(const Topic& topic, PullType type, std::int64_t fixes, bool first_time, std::uint64_t seed) {
  Writer writer(topic, mix(seed, 2), fixes);
  Random& random = writer.random();
  if (type == PullType::dependency) {
    writer.paragraph(
        "Bumps {o}-utils. Release notes: see the changelog of {o}-utils.\n\n- fix {w} on {p}\n- {h}: drop support for "
        "{j} {u}");
    return writer.take();
  }
  if (fixes != 0 || random.chance(0.85)) writer.paragraph_of(phrases::pull_openings());
  if (first_time && random.chance(0.4))
    writer.paragraph("First contribution here, please tell me if I missed something.");
  if (random.chance(0.5)) writer.paragraph_of(phrases::pull_details());
  if (random.chance(0.25)) writer.paragraph_of(phrases::pull_doubts());
  if (random.chance(0.2))
    writer.paragraph("- [x] tests added\n- [ ] documentation updated\n- [x] I have read CONTRIBUTING");
  if (fixes != 0) writer.paragraph_of(phrases::fixes());
  return writer.take();
}

std::string work_message(const Topic& topic, bool first, std::uint64_t seed) {
  Writer writer(topic, seed);
  writer.add_one(first ? phrases::first_commits() : phrases::later_commits());
  return writer.take_careless();
}

std::string comment_text(Comment kind, const Topic& topic, std::int64_t reference, std::uint64_t seed) {
  Writer writer(topic, seed, reference);
  writer.add_one(phrases::comments(kind));
  if (kind == Comment::give_information && writer.random().chance(0.5)) add_traceback(writer);
  if ((kind == Comment::answer || kind == Comment::discuss) && writer.random().chance(0.2)) add_code(writer);
  return writer.take();
}

}  // namespace resident::simulation
