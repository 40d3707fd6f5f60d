package tickcast.model.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class FeatureSchemaTest {

    private final FeatureSchema schema = FeatureSchema.current();

    @Test
    void shouldNameEveryFeatureOnce() {
        assertEquals(schema.size(), new HashSet<>(schema.names()).size());
        assertEquals(schema.size(), schema.names().size());
        assertEquals("minute-v1", schema.id());
        assertTrue(schema.names().stream().allMatch(name -> name.matches("[a-z][A-Za-z0-9]*")));
    }

    /** When this fails the numbers changed their meaning: models, stored vectors and this line must follow. */
    @Test
    void shouldKeepItsHash() {
        assertEquals("68510f80e1637df1", schema.hash());
    }

    @Test
    void shouldFindFeaturesByName() {
        assertEquals(0, schema.indexOf("return1"));
        assertThrows(IllegalArgumentException.class, () -> schema.indexOf("price"));
    }
}
