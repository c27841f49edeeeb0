// The program. Connects the command line to the streams, the terminal and the clock.
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cli/command.hpp>
#include <cstdlib>
#include <cstring>
#include <iostream>

// What is freed goes back to the system at once: a question ends before jemalloc would do so by itself, after ten
// seconds, and a server keeps what its pages need and no more. It costs up to a tenth of processor time
// (docs/performance.md).
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "dirty_decay_ms:0,muzzy_decay_ms:0";
}

namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

// NO_COLOR, CLICOLOR_FORCE and TERM=dumb, as their conventions say.
bool wants_color(bool is_terminal) {
  if (is_set("NO_COLOR")) return false;
  if (is_set("CLICOLOR_FORCE") && std::strcmp(std::getenv("CLICOLOR_FORCE"), "0") != 0) return true;
  const char* term = std::getenv("TERM");
  return is_terminal && term && std::strcmp(term, "dumb") != 0;
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

}  // namespace

int main(int argument_count, char** argument_values) {
  signal(SIGPIPE, SIG_IGN);
  std::ios::sync_with_stdio(false);
  resident::SystemClock clock;
  resident::Invocation invocation{std::cout, std::cerr, clock};
  invocation.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  if (isatty(STDIN_FILENO) == 1) invocation.in = &std::cin;
  invocation.width = invocation.out_is_terminal ? terminal_width() : 0;
  // What is no number says nothing.
  if (const int columns = is_set("COLUMNS") ? std::atoi(std::getenv("COLUMNS")) : 0; columns > 0)
    invocation.width = static_cast<std::size_t>(std::max(20, columns));
  invocation.color = wants_color(invocation.out_is_terminal);
  const int code = resident::run_command_line({argument_values + 1, argument_values + argument_count}, invocation);
  std::cout.flush();
  // A reader that has seen enough (`| head`) is no failure; a full disk is.
  if (!std::cout && errno != EPIPE) {
    std::cerr << "resident: cannot write the output: " << std::strerror(errno) << "\n";
    return 1;
  }
  return code;
}
