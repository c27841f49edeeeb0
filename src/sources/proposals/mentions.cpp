#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>
#include <sources/proposals/mentions.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostNamed = 100, kMostText = 20'000;

const std::vector<Pattern>& forms_of(const std::string& format) {
  static const auto forms = [] {
    std::map<std::string, std::vector<Pattern>> made;
    const auto add = [&](const std::string& name, std::initializer_list<const char*> expressions) {
      for (const char* each : expressions) made[name].emplace_back(each, Pattern::Letters::any_case);
    };
    add("peps", {R"(\bPEPs?[- :#]{0,2}0{0,3}(\d{1,4})\b)", R"(\bpep-(\d{4})\b)"});
    // IETF's are never written with a "#" or with the repository.
    add("rfcs", {R"(\brfcs(?:/pull/|#)(\d{1,5})\b)", R"(\bRFC ?#(\d{1,5})\b)"});
    add("keps", {R"(\bKEP[- #]{0,2}(\d{2,6})\b)", R"(\benhancements(?:/issues/|#)(\d{1,6})\b)"});
    add("deps", {R"(\bDEP[- #]{0,2}0{0,3}(\d{1,4})\b)"});
    add("tc39", {R"(\btc39/(proposal-[a-z0-9.-]{1,80}[a-z0-9])\b)"});
    return made;
  }();
  static const std::vector<Pattern> none;
  const auto found = forms.find(format);
  return found == forms.end() ? none : found->second;
}

// What is left of a subject behind "gh-123: ", "bpo-12: ", "[3.12] ", "feat(x): ".
std::string_view without_prefixes(std::string_view subject) {
  static const Pattern prefix(
      R"(^\s*(?:\[[^\]]{1,40}\]|(?:gh|bpo|issue)[- ]?#?\d{1,9}:|(?:feat|feature|fix|refactor|perf|impl)(?:\([^)]{1,40}\))?!?:|#\d{1,9}:)\s*)",
      Pattern::Letters::any_case);
  while (prefix.take_front(subject)) {
  }
  return subject;
}

}  // namespace

const char* mention_kind_name(MentionKind kind) {
  switch (kind) {
    case MentionKind::carries_out:
      return "carries out";
    case MentionKind::names:
      return "names";
    case MentionKind::reverts:
      return "reverts";
  }
  return "";
}

std::vector<std::string> named_proposals(const std::string& format, std::string_view text) {
  std::vector<std::string> numbers;
  for (const Pattern& form : forms_of(format)) {
    std::string_view rest = text.substr(0, kMostText);
    for (std::string found; form.find_next(rest, &found) && numbers.size() < kMostNamed;) {
      const std::string number = format == "tc39" ? to_lower(found) : without_zeros(found);
      if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
    }
  }
  return numbers;
}

MentionKind what_is_said(const std::string& noun, const std::string& number, std::string_view subject) {
  static const Pattern reverts(R"(^revert\b)", Pattern::Letters::any_case);
  static const Pattern beside(
      R"(^(?:docs?|changelog|news|chore|ci|style|lint|tests?|typo|what'?s ?new)\b|\b(?:typos?|docs?|documentation|docstrings?|changelog|references?|links?|comply|complian\w*|mention\w*|wording|comments?|spelling|workaround|tests? (?:for|of))\b)",
      Pattern::Letters::any_case);
  if (reverts.found_in(subject)) return MentionKind::reverts;
  const auto rest = without_prefixes(subject.substr(0, 500));
  if (beside.found_in(rest)) return MentionKind::names;
  const std::string name = noun == "proposal" ? number : fmt::format("{}[- #]{{0,2}}0{{0,3}}{}", noun, number);
  // Once a pattern a subject: few are asked for.
  const Pattern first(fmt::format(R"(^(?:the )?{}\b ?(?::|--?|–|,|support|implementation))", name),
                      Pattern::Letters::any_case);
  const Pattern verb(
      fmt::format(
          R"(\b(?:implement(?:s|ed|ing)?|add\w*|support\w*|introduc\w*|enabl\w*|allow\w*|handl\w*|accept\w*)\b.{{0,120}}\b{}\b)",
          name),
      Pattern::Letters::any_case);
  const Pattern bracket(fmt::format(R"(\((?:see )?{}\))", name), Pattern::Letters::any_case);
  return first.found_in(rest) || verb.found_in(rest) || bracket.found_in(rest) ? MentionKind::carries_out
                                                                               : MentionKind::names;
}

std::vector<ProposalMention> find_mentions(git::Repository& code, const ProposalHistory& history,
                                           const Dossiers& dossiers, std::optional<Timestamp> as_of) {
  std::map<std::string, std::size_t> by_number;
  for (std::size_t i = 0; i < history.proposals.size(); ++i) {
    const Proposal& proposal = history.proposals[i];
    std::string_view digits, rest;
    const std::string& number = proposal.number;
    by_number.emplace(split_numbered_name(number, digits, rest) ? without_zeros(digits) : number, i);
  }
  std::vector<ProposalMention> mentions;
  git::WalkOptions options;
  options.changes = false;
  options.pulls = false;
  code.walk(
      {},
      [&](git::Commit&& commit) {
        if (!commit.on_default || commit.parents.size() > 1 || (as_of && commit.committer.time > *as_of)) return;
        for (const std::string& number : named_proposals(history.format, commit.subject + "\n" + commit.body)) {
          const auto found = by_number.find(number);
          if (found == by_number.end()) continue;
          const Proposal& proposal = history.proposals[found->second];
          ProposalMention mention;
          mention.proposal = found->second;
          mention.kind = what_is_said(history.noun, number, commit.subject);
          const std::string type = to_lower(dossiers.details[found->second].type);
          const bool is_rule = type.starts_with("process") || type.starts_with("informational");
          const bool is_too_early =
              !proposal.changes.empty() && commit.committer.time < proposal.changes.front().authored_at;
          if (mention.kind == MentionKind::carries_out && (is_rule || is_too_early)) mention.kind = MentionKind::names;
          mention.commit = commit.sha;
          mention.author = commit.author.name;
          mention.subject = commit.subject;
          mention.at = commit.committer.time;
          mention.pull = commit.pull_numbers.empty() ? 0 : commit.pull_numbers.back();
          mention.issues = commit.fixes;
          mentions.push_back(std::move(mention));
        }
      },
      options);
  std::stable_sort(mentions.begin(), mentions.end(), [](const auto& a, const auto& b) {
    return a.proposal != b.proposal ? a.proposal < b.proposal : a.at < b.at;
  });
  return mentions;
}

}  // namespace resident
