#include <algorithm>
#include <base/text.hpp>
#include <cctype>
#include <config/bots.hpp>
#include <config/config.hpp>

namespace resident {

namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Accounts and names of services, whole and in lower case.
constexpr std::string_view kServices[] = {"github-actions",
                                          "github actions",
                                          "github action",
                                          "actions-user",
                                          "web-flow",
                                          "merge-script",
                                          "dependabot",
                                          "dependabot-preview",
                                          "renovate",
                                          "greenkeeper",
                                          "codecov",
                                          "codecov-io",
                                          "codecov-commenter",
                                          "coveralls",
                                          "mergify",
                                          "bors",
                                          "homu",
                                          "hubot",
                                          "probot",
                                          "rultor",
                                          "scala-steward",
                                          "scala steward",
                                          "rust-highfive",
                                          "rust-timer",
                                          "bors-servo",
                                          "craterbot",
                                          "codefactor-io",
                                          "restyled-commits",
                                          "imgbot",
                                          "allcontributors",
                                          "pre-commit-ci",
                                          "weblate",
                                          "hosted weblate",
                                          "codeberg translate",
                                          "transifex",
                                          "crowdin",
                                          "launchpad janitor",
                                          "launchpad bug tracker",
                                          "debian bug tracking system",
                                          "debian ftp masters",
                                          "pontoon",
                                          "elasticmachine",
                                          "kibanamachine",
                                          "copilot",
                                          "copilot-swe-agent",
                                          "copilot-pull-request-reviewer",
                                          "coderabbitai",
                                          "gemini-code-assist",
                                          "devin-ai-integration",
                                          "cursoragent",
                                          "google-labs-jules",
                                          "greptile-apps",
                                          "dosubot",
                                          "zulipbot",
                                          "ansibot",
                                          "msftbot",
                                          "asfgit",
                                          "elasticsearchmachine",
                                          "mergifyio",
                                          "kodiakhq",
                                          "netlify",
                                          "vercel",
                                          "gitguardian",
                                          "lgtm-com",
                                          "codspeed-hq",
                                          "github-merge-queue",
                                          "google-cla",
                                          "linux-foundation-easycla",
                                          "changeset-bot",
                                          "openshift-ci",
                                          "claassistant",
                                          "clabot",
                                          "bedevere-app",
                                          "miss-islington",
                                          "r-ryantm",
                                          "ofborg",
                                          "homebrew-test-bot",
                                          "semantic-release",
                                          "azure-pipelines",
                                          "conda-forge-linter",
                                          "copybara-service",
                                          "deepsource-autofix",
                                          "ellipsis-dev",
                                          "gitstream-cm",
                                          "graphite-app",
                                          "istio-testing",
                                          "qltysh",
                                          "restyled-io",
                                          "sonarqubecloud",
                                          "sourcery-ai",
                                          "stickler-ci",
                                          "transifex-integration",
                                          "webkit-commit-queue",
                                          "release-please",
                                          "travis ci",
                                          "circle ci",
                                          "circleci",
                                          "gitlab ci",
                                          "gitlab runner",
                                          "google-github-actions",
                                          "snyk",
                                          "sonarcloud",
                                          "stale",
                                          "welcome",
                                          "probot-stale",
                                          "codspeed",
                                          "codeclimate",
                                          "sweep-ai",
                                          "conventional-commit-lint-gcf",
                                          "asf-ci",
                                          "bitdeli-chef",
                                          "blathers-crl",
                                          "cockroach-teamcity",
                                          "codiumai-pr-agent-pro",
                                          "gitter-badger",
                                          "gopherbot",
                                          "hadoop-yetus",
                                          "imgbotapp",
                                          "metamaskbot",
                                          "pep8speaks",
                                          "readthedocs-assistant",
                                          "requires-io",
                                          "spring-builds",
                                          "tensorflow-copybara",
                                          "tensorflower-gardener",
                                          "the-knights-who-say-ni",
                                          "waffle-iron",
                                          "deepsource",
                                          "robot",
                                          "bot",
                                          "ci"};

// What programs do, or are run by: beside "bot", "robot" or "ci" these make a program's name.
constexpr std::string_view kMachineWords[] = {
    "ci",          "cd",           "merge",      "build",        "builder",   "rust",      "issue",   "commit",
    "release",     "releases",     "test",       "tests",        "testing",   "auto",      "lint",    "sync",
    "docs",        "doc",          "label",      "labeler",      "review",    "backport",  "deploy",  "deployment",
    "update",      "updater",      "version",    "bench",        "benchmark", "fuzz",      "code",    "import",
    "importer",    "patch",        "pull",       "cron",         "chat",      "slack",     "news",    "snyk",
    "rebase",      "triage",       "nightly",    "format",       "wiki",      "stale",     "welcome", "translate",
    "translation", "translations", "l10n",       "i18n",         "tidy",      "script",    "kernel",  "torch",
    "google",      "depend",       "dependency", "dependencies", "cla",       "git",       "github",  "gitlab",
    "gitea",       "k8s",          "kubernetes", "infra",        "ops",       "devops",    "jenkins", "travis",
    "circle",      "pipeline",     "pipelines",  "automation",   "automated", "automerge", "action",  "actions",
    "service",     "server",       "system",     "daemon",       "runner",    "worker",    "job",     "jobs",
    "scheduler",   "pr",           "repo",       "mirror",       "package",   "packages",  "publish", "publisher",
    "manager",     "account",      "admin",      "pre",          "post",      "the",       "cherry",  "pick",
    "picker",      "syz",          "irc",        "web"};

bool is_machine_word(std::string_view word, const std::vector<std::string>& own_words = {}) {
  return is_one_of(word, kMachineWords) || std::find(own_words.begin(), own_words.end(), word) != own_words.end();
}

// "merge" of "pytorchmergebot": only words that no name of a person ends in.
bool ends_in_machine_word(std::string_view stem, const std::vector<std::string>& own_words) {
  constexpr std::size_t kLeast = 4;
  if (is_machine_word(stem, own_words)) return true;
  return std::any_of(std::begin(kMachineWords), std::end(kMachineWords),
                     [&](std::string_view word) { return word.size() >= kLeast && stem.ends_with(word); });
}

// In lower case, at what is neither letter nor digit.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (is_letter(c) || is_digit(c)) {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// "bot-1", "AnomieBot III": numbers after the word say nothing.
bool is_number(std::string_view word) {
  return std::all_of(word.begin(), word.end(), is_digit) || word == "ii" || word == "iii" || word == "iv";
}

// GitLab 13.0 and later: users of project and group access tokens ("project_12_bot_6ab5…"), and service accounts.
bool is_gitlab_token(std::string_view name) {
  for (const std::string_view prefix : {"project_", "group_"}) {
    if (!name.starts_with(prefix)) continue;
    std::size_t at = prefix.size();
    while (at < name.size() && is_digit(name[at])) ++at;
    const std::string_view rest = name.substr(at);
    return at > prefix.size() && (rest == "_bot" || rest.starts_with("_bot_"));
  }
  return name.starts_with("service_account_");
}

// "DrahtBot", "NPMBot".
bool is_camel_bot(std::string_view name) {
  if (!name.ends_with("Bot") || name.size() < 5) return false;
  const char before = name[name.size() - 4], earlier = name[name.size() - 5];
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return (before >= 'a' && before <= 'z') || is_digit(before) || (is_upper(before) && is_upper(earlier));
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return !text.empty() && std::any_of(list.begin(), list.end(),
                                      [&](const std::string& each) { return to_lower(each) == to_lower(text); });
}

}  // namespace

bool is_bot_name(std::string_view given, const std::vector<std::string>& own_words) {
  const std::string_view name = trim(given);
  if (name.empty()) return false;
  const std::string lower = to_lower(name);
  if (lower.ends_with("[bot]") || is_one_of(lower, kServices) || is_gitlab_token(lower)) return true;
  // "AnomieBot III": without what numbers it.
  if (is_camel_bot(name) || is_camel_bot(name.substr(0, name.find_first_of(" _-")))) return true;
  // No program is called so: what stands between such signs is no word of a name.
  if (name.find_first_of("<>\"=;{}") != std::string_view::npos) return false;
  std::vector<std::string> words = words_of(name);
  while (words.size() > 1 && is_number(words.back())) words.pop_back();
  if (words.empty()) return false;
  const auto machine = [&](const std::string& word) { return is_machine_word(word, own_words); };
  const bool is_handle = name.find(' ') == std::string_view::npos;
  const std::string& last = words.back();
  const std::vector<std::string> others(words.begin(), words.end() - 1);
  if (last == "bot") return true;
  if (is_handle && words.size() > 1 && words.front() == "bot") return true;
  // "cilium-robot"; "Elliot Robot" is somebody.
  if (last == "robot" && !others.empty() && (is_handle || std::any_of(others.begin(), others.end(), machine)))
    return true;
  if ((last == "ci" || last == "script") && !others.empty()) {
    const bool all = std::all_of(others.begin(), others.end(), machine);
    if (all || (is_handle && std::any_of(others.begin(), others.end(), machine))) return true;
  }
  if (is_handle && words.size() > 1 && (last == "automation" || last == "automerge" || last == "autoroll")) return true;
  if (last == "automation" && std::all_of(others.begin(), others.end(), machine)) return true;
  // "buildbot", "pytorchmergebot"; not "talbot".
  return words.size() == 1 && last.size() > 4 && last.ends_with("bot") &&
         ends_in_machine_word(std::string_view(last).substr(0, last.size() - 3), own_words);
}

bool is_full_name(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  std::size_t people = 0;
  for (const std::string& word : words) {
    if (std::any_of(word.begin(), word.end(), is_digit)) continue;
    people += !is_machine_word(word) && word != "bot";
  }
  return words.size() >= 2 && people >= 2 && name.find(' ') != std::string_view::npos;
}

bool BotRules::is_excepted(const std::string& login, const std::string& name) const {
  return contains(not_bots, login) || contains(not_bots, name);
}

bool BotRules::is_configured(const std::string& login, const std::string& name) const {
  return contains(bots, login) || contains(bots, name);
}

std::string BotRules::reason(const std::string& login, const std::string& name, const std::string& account_type,
                             const std::vector<std::string>& own_words) const {
  if (is_excepted(login, name)) return {};
  if (is_configured(login, name)) return "configured";
  if (to_lower(account_type) == "bot") return "the forge says so";
  // An account is what its login is; what it calls itself beside is its own affair.
  return is_bot_name(login.empty() ? name : login, own_words) ? "the name" : "";
}

}  // namespace resident
