#include <base/error.hpp>

namespace resident {

int Error::exit_code() const {
  switch (kind_) {
    case ErrorKind::failed:
      return 1;
    case ErrorKind::usage:
      return 2;
    case ErrorKind::gate:
      return 3;
    case ErrorKind::authentication:
      return 4;
    case ErrorKind::incomplete:
      return 5;
    case ErrorKind::interrupted:
      return 130;
  }
  return 1;
}

}  // namespace resident
