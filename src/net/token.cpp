#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <base/url.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <net/token.hpp>

extern char** environ;

namespace resident {

namespace {

constexpr std::size_t kShortestSecret = 6;  // shorter ones would blank ordinary words
constexpr std::size_t kLongestSecret = 4096;
constexpr int kCommandTimeout = 30'000;  // milliseconds

struct Secrets {
  std::mutex mutex;
  std::vector<std::string> values;
};

Secrets& secrets() {
  static Secrets all;
  return all;
}

std::string first_line(const std::string& text) {
  return std::string(trim(text.substr(0, text.find_first_of("\r\n"))));
}

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? first_line(value) : std::string();
}

std::string variable_of(const std::string& host) {
  std::string name = "RESIDENT_TOKEN_";
  for (const char letter : host) {
    const bool is_plain = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z');
    const bool is_small = letter >= 'a' && letter <= 'z';
    name += is_plain ? letter : is_small ? static_cast<char>(letter - 'a' + 'A') : '_';
  }
  return name;
}

std::string expand_home(const std::string& path) {
  const char* home = std::getenv("HOME");
  return path.starts_with("~/") && home ? home + path.substr(1) : path;
}

// others: the rights that none but the owner may have.
std::string read_secret_file(const std::string& path, mode_t others) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    throw Error(ErrorKind::authentication,
                fmt::format("cannot read the token file {}: {}", one_line(path), std::strerror(errno)));
  struct stat status {};
  std::string text(kLongestSecret, '\0');
  ssize_t got = -1;
  if (fstat(file, &status) == 0 && (status.st_mode & others) == 0) got = ::read(file, text.data(), text.size());
  close(file);
  if ((status.st_mode & others) != 0)
    throw Error(ErrorKind::authentication, fmt::format("others can read the token file {}", one_line(path)),
                fmt::format("chmod 600 {}", one_line(path)));
  if (got < 0) throw Error(ErrorKind::authentication, fmt::format("cannot read the token file {}", one_line(path)));
  text.resize(static_cast<std::size_t>(got));
  return first_line(text);
}

std::string read_token_file(const std::string& given) {
  return read_secret_file(expand_home(given), 077);
}

// What systemd hands to a service (LoadCredential=NAME:FILE): a file of that name in a folder of the service's own. The
// list of who may read it shows in the group's rights, which are therefore not asked about.
std::string credential(const std::string& name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (!folder || !*folder) return {};
  const std::string path = std::string(folder) + "/" + name;
  if (access(path.c_str(), F_OK) == 0) return read_secret_file(path, 007);
  if (errno != ENOENT)
    throw Error(ErrorKind::authentication,
                fmt::format("cannot read the credentials in {}: {}", one_line(folder), std::strerror(errno)),
                "systemd did not give them to this service; use EnvironmentFile= instead");
  return {};
}

// Runs the words without a shell and takes the first line of the output.
std::string run_token_command(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error("cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed) {
    close(ends[0]);
    throw Error(ErrorKind::authentication,
                fmt::format("token_command cannot be run: {}: {}", one_line(words[0]), std::strerror(failed)));
  }
  std::string text;
  bool timed_out = false;
  std::array<char, 1024> buffer{};
  while (text.size() < kLongestSecret) {
    pollfd waiting{ends[0], POLLIN, 0};
    const int ready = poll(&waiting, 1, kCommandTimeout);
    if (ready < 0 && errno == EINTR) continue;
    timed_out = ready == 0;
    const ssize_t got = ready > 0 ? ::read(ends[0], buffer.data(), buffer.size()) : 0;
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(ends[0]);
  if (timed_out) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (timed_out || !WIFEXITED(status) || WEXITSTATUS(status) != 0 || first_line(text).empty())
    throw Error(ErrorKind::authentication, fmt::format("token_command gave no token: {}", one_line(words[0])),
                timed_out ? "it took too long" : "run it by hand to see why");
  return first_line(text);
}

}  // namespace

void remember_secret(const http::Token& token) {
  const std::string& value = token.reveal();
  if (value.size() < kShortestSecret) return;
  Secrets& all = secrets();
  const std::lock_guard lock(all.mutex);
  if (std::find(all.values.begin(), all.values.end(), value) == all.values.end()) all.values.push_back(value);
}

std::string redact(std::string_view given) {
  static const Pattern looks_like_one(
      R"(\b(?:gh[pousr]_[A-Za-z0-9_]{16,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|glptt-[A-Za-z0-9_-]{16,}))");
  static const Pattern header(
      R"((?i)((?:authorization|private-token|x-(?:redmine|bugzilla)-api-key)["']?\s*[:=]\s*["']?)[^\r\n"',}]+)");
  static const Pattern in_url(R"((?i)([?&](?:access_token|private_token|token)=)[^&\s"]+)");
  std::string text(given);
  {
    Secrets& all = secrets();
    const std::lock_guard lock(all.mutex);
    for (const auto& secret : all.values)
      for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 7))
        text.replace(at, secret.size(), "<token>");
  }
  looks_like_one.replace_all(text, "<token>");
  header.replace_all(text, "\\1<token>");
  in_url.replace_all(text, "\\1<token>");
  return blank_passwords(text);
}

http::Token find_secret(const std::string& variable, const std::string& file) {
  http::Token secret;
  if (!variable.empty()) secret = http::Token(environment(variable));
  if (!variable.empty() && secret.empty()) secret = http::Token(credential(variable));
  if (secret.empty() && !file.empty()) secret = http::Token(read_token_file(file));
  remember_secret(secret);
  return secret;
}

std::vector<std::string> token_variables(const std::string& host, const std::vector<std::string>& usual) {
  std::vector<std::string> names{variable_of(host)};
  names.insert(names.end(), usual.begin(), usual.end());
  return names;
}

TokenFound find_token(const Config& config, const std::string& host, const std::vector<std::string>& usual) {
  const auto found = [](std::string secret, std::string source) {
    for (const char letter : secret)
      if (letter <= ' ' || letter >= 127)
        throw Error(ErrorKind::authentication, fmt::format("the token of {} has characters that no token has", source));
    TokenFound result{http::Token(std::move(secret)), std::move(source)};
    remember_secret(result.token);
    return result;
  };
  const std::vector<std::string> names = token_variables(host, usual);
  for (const auto& name : names)
    if (std::string value = environment(name); !value.empty()) return found(std::move(value), "environment " + name);
  for (const auto& name : names)
    if (std::string value = credential(name); !value.empty()) return found(std::move(value), "credential " + name);
  const ForgeConfig forge = config.forge(host);
  if (!forge.token_file.empty()) {
    std::string value = read_token_file(forge.token_file);
    if (value.empty())
      throw Error(ErrorKind::authentication, fmt::format("the token file {} is empty", one_line(forge.token_file)));
    return found(std::move(value), "file " + forge.token_file);
  }
  if (!forge.token_command.empty())
    return found(run_token_command(forge.token_command), "command " + forge.token_command.front());
  return {};
}

}  // namespace resident
