// Configuration: what is special to a project. Nothing of a project is in code.
// A preset (github, ack, cpython, …) is a file of the same shape, built in; a
// project names one and changes what it likes:
//
//   [project.secp256k1]
//   preset = "ack"
//   bots = ["DrahtBot"]
//   [project.secp256k1.review]
//   required_approvals = 2
//
// Looked for in ./resident.toml, then $XDG_CONFIG_HOME/resident/config.toml; the
// guide (docs/guide/configuration.md) lists every key, and a test fails where one
// is missing there.
#pragma once

#include <base/references.hpp>
#include <base/time.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct BotRules {
  std::vector<std::string> bots;      // logins or names, beside those the rule finds
  std::vector<std::string> not_bots;  // people whom the rule takes for bots
  bool is_excepted(const std::string& login, const std::string& name) const;    // in not_bots
  bool is_configured(const std::string& login, const std::string& name) const;  // in bots
  // What says of this one account or spelling that it is a bot's: "configured", "the forge says so", "the name";
  // empty: nothing does. own_words: see is_bot_name.
  std::string reason(const std::string& login, const std::string& name, const std::string& account_type,
                     const std::vector<std::string>& own_words = {}) const;
};

struct ReviewRules {
  int required_approvals = 1;
  // auto: approvals by comment count where a tenth of the pull requests have one.
  std::string approval_by_comment = "auto";  // auto, yes, no
  // Whether a push takes approvals back. auto: found from what the project did (queues/turn.hpp); where too little
  // happened, yes: GitHub's and Gitea's default keeps them, but who approved has not seen what would be merged.
  std::string push_dismisses_approvals = "auto";  // auto, yes, no
  std::string approval_in_words = "yes";          // "LGTM" by somebody who may approve is an approval: yes, no
  std::string approval_pattern =
      R"((?im)^\s*(?:\*\*)?(?:(?:code[ -]?review|tested|review|re-?|ut|cr|t) ?)*ACK(?:\*\*)?[ \t]*(?:$|[.,:;!(&—-]|(?:commit )?`?[0-9a-f]{7,40}\b|https?://))";
  std::string partial_approval_pattern = R"((?i)\b(?:concept|approach)\s+ACK\b)";
  std::string objection_pattern = R"((?m)^\s*(?:\*\*)?(?:(?i:approach|concept) )?NACK\b)";
  std::string rebase_pattern =
      R"((?i)\b(?:needs? (?:a )?rebas\w*|please rebase|could you rebase|can you rebase|rebase\?|merge conflicts?|needs rebase))";
  std::string author_keeps_pattern =
      R"((?i)\b(?:will (?:address|fix|update|rework|rebase|push|still need)|still need to|not ready|work in progress)\b)";
  std::string author_ready_pattern =
      R"((?i)\b(?:rebased|done|fixed|addressed|updated|pushed|ready for (?:re-?)?review|please (?:re-?)?(?:review|take (?:a|another) look)|ptal|made the requested changes|review(?:ers)? welcome)\b)";
  std::string blocked_pattern =
      R"((?i)\b(?:blocked[ _-](?:on|by):?|depends?[ _-]on:?|waiting (?:for|on))\s+(?:\S+\s+){0,3}?(?:[\w./-]*[#!]|gh-|https?://\S+/)(\d+))";
  std::string stacked_pattern =
      R"((?i)\b(?:based on|builds? on|built on|on top of|stacked on)\s+(?:\S+\s+){0,3}?(?:[\w./-]*[#!]|gh-|https?://\S+/)(\d+))";
  std::string work_in_progress_pattern =
      R"((?i)^\s*(?:🚧|\W*(?:wip|work in progress)\b|[\[(]\s*draft\s*[\])]|draft\s*[:–—-]|\W*(?:do not merge|don't merge)\b)|[\[(]\s*(?:wip|work in progress)\s*[\])]\s*$|\(wip\)|🚧\s*$)";
  std::string superseded_pattern =
      R"((?i)\b(?:superseded by|closing in favou?r of|alternative (?:to this )?(?:in|is)|replaced by)\s+(?:\S+\s+){0,2}?#(\d+)|#(\d+) (?:supersedes|replaces) (?:this|it)\b)";
  std::string ask_author_pattern =
      R"((?i)\b(?:still (?:interested|working|planning|relevant)|is this (?:dead|still)|are you (?:still|planning)|any (?:update|progress|news)|status of this|should (?:we|this be) close[d]?)\b)";
  // Documents with authors of their own: the fields of their headers that name them (empty: there are none), and which
  // files are such documents. Their authors approve, editors merge.
  std::vector<std::string> author_headers;
  std::string document_paths =
      R"((?i)(?:^|/)(?:bip|pep|rfc|eip|erc|slip|sep|fep|xep|dep|gep|jep|nep|nip|lip|cip|kip|simd|zip|draft)[-_]?[0-9a-z][^/]*\.(?:md|rst|txt|mediawiki|adoc|xml)$)";
  std::vector<std::string> blocked_labels, author_labels, reviewer_labels, committer_labels;
  // On Gerrit: the labels whose votes approve or object, and those whose votes are results of CI.
  std::vector<std::string> vote_labels{"Code-Review"}, check_labels{"Verified"};
};

// What a pull request has to bring (patterns: RE2 over paths), and how a review session is shared out.
struct ReadinessRules {
  std::string test_paths =
      R"((?i)(?:^|/)(?:tests?|testing|spec)(?:/|$)|(?:^|/)tests?[_.-]|[_.-](?:tests?|spec)\.|(?:^|/)fuzz)";
  std::string doc_paths = R"((?i)(?:^|/)docs?/|\.(?:md|rst|adoc)$)";
  std::string changelog_paths;  // empty: the project wants no entry
  std::string api_paths;        // empty: not known
  std::string backport_labels = R"((?i)^(?:needs )?backport)";
  std::string cla_checks = R"((?i)\b(?:cla|dco)\b)";  // names of checks
  std::vector<std::string> no_changelog_labels, cla_missing_labels;
  int large_change_lines = 400;  // above it a review finds less (Cohen, Best Kept Secrets of Peer Code Review, 2006)
};

// Which files the search reads beside what was said (RE2 over paths; empty: none).
struct SearchRules {
  std::string doc_paths =
      R"((?i)\.(?:md|markdown|rst|adoc|asciidoc|mediawiki)$|(?:^|/)(?:docs?|documentation|man|manual)/(?:.*/)?[^/]*\.(?:txt|org|pod)$)"
      R"(|(?:^|/)(?:readme|contributing|install|hacking|changelog|changes|news|history|security|governance|maintainers|code_of_conduct)[^/.]*(?:\.txt|\.org|\.pod)?$)"
      R"(|(?:^|/)(?:pep|rfc|bip|eip|draft)-[^/]*\.txt$)";
};

struct SessionRules {
  int minutes = 120;
  // Shares of the minutes, in per cent; what is left over goes by rank.
  int newcomers = 25, oldest = 25, quick_wins = 15, own_modules = 20;
};

struct ContributorRules {
  int core_months = 6;   // with activity, of the last twelve
  int core_merged = 5;   // own pull requests merged in the last year
  int core_reviews = 5;  // pull requests of others reviewed in the last year
  std::string welcome =
      "Hello @{author}, thank you for your first pull request to {project}! {reviewers} You can expect a first answer "
      "within {days} days; "
      "if none has come by {date}, please write here and mention a maintainer.";
};

struct TriageRules {
  int stale_days = 180;
  int first_response_days = 7;
  std::vector<std::string> waiting_labels;   // the reporter owes something
  std::vector<std::string> urgent_labels;    // release blockers, security
  std::vector<std::string> newcomer_labels;  // good first issue
  std::vector<std::string> ignored_labels;   // not for triage: tracking, discussion
  // Labels (RE2 over names) that say what became of an item, or what somebody decided: no text tells them.
  std::string undecidable_labels =
      R"((?i)stale|wont.?fix|duplicate|invalid|not.a.bug|help.wanted|good.first|easy|pending|awaiting|waiting|needs|backport|release|merge|block|priority|triage|hacktoberfest)";
  int suggest_from = 70;  // per cent of probability from which something is suggested
};

// What may be written to the forge, and how fast.
struct WriteRules {
  std::vector<std::string> allowed;  // kinds of actions; empty: none
  int seconds_between = 1;           // between two writes, as GitHub advises
};

// Where the secret of a project's webhooks is (a variable or a file, never here), and how long deliveries are
// remembered.
struct WebhookRules {
  std::string secret_env, secret_file;
  int keep_days = 7;  // after they are done with; a replay that comes later is read once more
};

// What `resident site` writes for everybody to read.
struct SiteRules {
  std::string people = "none";  // none, logins or names: how it names people
  std::string base_url;         // where it will stand
  std::string impact_start;     // the day of which the page Impact asks what it changed; "": there is no such page
};

// Posts that `resident report --post` writes.
struct ReportRules {
  std::string folder;        // where they are kept; "": where --post says
  std::string front_matter;  // none, jekyll, hugo, pelican
  std::string figures_url;   // before the names of figures in a post; "": the way from the post to their folder
};

// How chats are read.
struct ChatRules {
  std::string time_zone;                      // of logs that tell none: IANA's name ("Europe/Berlin"); "": UTC
  std::vector<std::string> private_channels;  // read though they are private, by name
};

// A tracker that the project left: an opening text in which the pattern (RE2) is found is of an item that began there,
// under the number that its first group names.
struct LinkRule {
  std::string pattern;
  std::string tracker;  // what it is called: "bugs.python.org"
  std::string project;  // of the store, that has its items; "": looked for by address
};

// First rule that matches wins. The pattern is RE2, matched at the path's start;
// groups stand for \1, \2 in the name.
struct ModuleRule {
  std::string pattern, name;
};

struct ReleaseDate {
  std::string name;
  Timestamp at;
};

// [embedding]: a model that says how near in meaning two texts are (text/embedding.hpp). The same for
// all projects, and from the configuration file alone: no preset and no forge names what is loaded.
struct EmbeddingRules {
  std::string model;       // a .onnx file; "": there is none, and nothing of it is looked for
  std::string vocabulary;  // vocab.txt beside the model, unless it says otherwise
  std::string runtime = "libonnxruntime.so.1";
  int most_tokens = 256;  // of a text
  int threads = 0;        // 0: as many as the runtime likes
  bool is_on() const { return !model.empty(); }
};

// [groups]: projects that are looked at together, by the group's name; the same for all projects.
using ProjectGroups = std::map<std::string, std::vector<std::string>>;

struct ProjectConfig {
  std::string print;  // a short name of all that is set, preset and own: with another one, figures are of before
  std::string preset = "github";
  std::string url;
  std::string me;  // login of the resident, for "what needs me"
  BotRules bots;
  std::vector<std::string> maintainers;  // logins; empty: learnt from who merges
  ReviewRules review;
  TriageRules triage;
  ReadinessRules readiness;
  SessionRules session;
  ContributorRules contributors;
  SearchRules search;
  WriteRules write;
  WebhookRules webhook;
  SiteRules site;
  ReportRules report;
  ReferenceSettings references;
  ChatRules chat;
  std::vector<LinkRule> links;                               // trackers that the project left
  std::vector<ModuleRule> modules;                           // empty: by folder
  std::map<std::string, std::string> module_labels;          // by label: the module that it names
  std::vector<std::string> ignored_paths;                    // RE2: do not count for expertise
  int knowledge_half_life_days = 365;                        // in which what was known is half forgotten
  std::string release_tags = R"(^v?(\d+)\.(\d+)(?:\.0)?$)";  // RE2 over tag names: feature releases
  std::vector<ReleaseDate> releases;                         // instead of tags
  EmbeddingRules embedding;                                  // not the project's own: the configuration's
  ProjectGroups groups;                                      // nor are these
};

// [forge."HOST"]: how to reach a forge or forum, and where its token is.
struct ForgeConfig {
  std::string kind;                        // github, gitlab, gitea, discourse; "" where the source says it
  std::string api_url;                     // instead of the usual one
  std::string token_file;                  // only its owner may read it
  std::vector<std::string> token_command;  // words, run without a shell
  std::string ca_file;                     // certificates beside the system's
  bool allow_plain_http = false;           // to other hosts than this machine
  int timeout_seconds = 60;                // of one request
  std::string artifacts;                   // names of artifacts with reports of tests, a regular expression; "": none
};

class Config {
 public:
  // Reads one file's text; origin is for messages. Throws Error{usage} naming the
  // line, or the key that there is not with the nearest that there is.
  static Config parse(const std::string& text, const std::string& origin);
  // --config, else the places above, else nothing.
  static Config load(const std::optional<std::string>& file);
  // The user's own alone ($XDG_CONFIG_HOME/resident/config.toml): not that of a folder, which may have come with a
  // clone and names commands.
  static Config load_of_user();

  // The preset with the project's own settings over it.
  ProjectConfig project(const std::string& name) const;
  // What stands under [forge."HOST"]; the defaults where nothing does.
  ForgeConfig forge(const std::string& host) const;
  const EmbeddingRules& embedding() const { return embedding_; }
  const std::string& origin() const { return origin_; }
  // Those that have a table.
  std::vector<std::string> project_names() const;
  // Every key that may be set in [project.NAME], as "review.required_approvals".
  static std::vector<std::string> keys();

 private:
  std::map<std::string, std::string> projects_;  // each project's table, as TOML text
  std::map<std::string, ForgeConfig> forges_;    // by host, in lower case
  EmbeddingRules embedding_;
  ProjectGroups groups_;
  std::string origin_;
};

std::vector<std::string> preset_names();
// Every key of [embedding].
std::vector<std::string> embedding_keys();

}  // namespace resident
