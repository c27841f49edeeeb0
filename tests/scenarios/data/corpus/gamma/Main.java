package gamma;
import java.util.List;
import static java.util.Map.*;
