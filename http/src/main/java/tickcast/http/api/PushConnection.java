package tickcast.http.api;

import akka.NotUsed;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.javadsl.Flow;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;

/** One WebSocket client: bytes in, bytes out. */
final class PushConnection extends GraphStage<FlowShape<ByteString, ByteString>> {

    private final Inlet<ByteString> in = Inlet.create("client.in");
    private final Outlet<ByteString> out = Outlet.create("client.out");
    private final PushServices services;
    private final String address;

    private PushConnection(PushServices services, String address) {
        this.services = services;
        this.address = address;
    }

    static Flow<ByteString, ByteString, NotUsed> flow(PushServices services, String address) {
        return Flow.fromGraph(new PushConnection(services, address));
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return FlowShape.of(in, out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new PushLogic(shape(), services, address);
    }
}
