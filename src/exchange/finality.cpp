#include "exchange/exchange.hpp"
#include "exchange/track.hpp"

namespace onewindow::exchange {

Result<Exchange::Finality> Exchange::AreFinal(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const std::vector<Track> tracks, TracksOf(tx, case_id));
    Finality finality{.all_final = true, .open_matters = false};
    for (const Track& track : tracks) {
        finality.all_final = finality.all_final && IsFinal(track.state);
        const bool open = track.state == TrackState::kDeferred || track.state == TrackState::kClosedByApplicant;
        finality.open_matters = finality.open_matters || open;
    }
    return finality;
}

}  // namespace onewindow::exchange
